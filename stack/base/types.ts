/** The parts of the embedded stack, in the order in which they are listed to people. */
export const PART_NAMES = ['temporal', 'mysql', 'aws', 'dynamodb-local'] as const;

/** One part of the embedded stack. */
export type PartName = (typeof PART_NAMES)[number];

/** Receives what the stack has to say; a pino logger fits as it is. */
export interface StackLog {
  info(message: string): void;
  warn(message: string): void;
}

/** Says nothing: the default, so that tests stay quiet. */
export const silentLog: StackLog = { info: () => undefined, warn: () => undefined };

/** A file system fact that identifies one process for ever: a pid alone is reused by the system. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Opaque: boot id and start time of the process. */
  readonly started: string;
}

/** Where Temporal answers. */
export interface TemporalEndpoint {
  /** `host:port` of the gRPC frontend. */
  readonly address: string;
  readonly namespace: string;
  readonly uiUrl: string;
}

/** Where MySQL answers. The user is `root` without a password unless `mysql.user` was asked for. */
export interface MysqlEndpoint {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /** Where the general query log is written while it is on (`mysql.generalLog`, or `SET GLOBAL general_log = ON`). */
  readonly generalLogFile: string;
  /** What the server says it is, for example `9.7.4-2`. */
  readonly version: string;
  /** False where only MariaDB could be had: good for a first try, not for trusting a migration. */
  readonly isMysql: boolean;
}

/** Where an AWS-compatible endpoint answers. Any non-empty credentials do. */
export interface AwsEndpoint {
  readonly endpoint: string;
  readonly region: string;
}

/** The endpoint of each part, under the name by which code speaks of it. */
export interface Endpoints {
  readonly temporal: TemporalEndpoint;
  readonly mysql: MysqlEndpoint;
  readonly aws: AwsEndpoint;
  readonly dynamodbLocal: AwsEndpoint;
}

/** `dynamodb-local` is no identifier. */
export type EndpointKey<P extends PartName> = P extends 'dynamodb-local' ? 'dynamodbLocal' : P;

/** The endpoints of just the parts that were asked for. */
export type EndpointsOf<P extends PartName> = Pick<Endpoints, EndpointKey<P>>;

/** Fixed ports; what is left out becomes the port used last time if it is free, else a free one. */
export interface PortWishes {
  readonly temporal?: number;
  readonly temporalUi?: number;
  readonly mysql?: number;
  readonly aws?: number;
  readonly dynamodbLocal?: number;
}

/**
 * Servers that can stand in the place of the default, to try how they differ: Debian's MariaDB and the MySQL 5.6 of
 * Maven Central. Both are fetched when they are asked for first.
 */
export const MYSQL_SERVERS = ['default', 'mariadb-10.11', 'mysql-5.6'] as const;

/** One of {@link MYSQL_SERVERS}. */
export type MysqlServer = (typeof MYSQL_SERVERS)[number];

/** What can be set on MySQL. */
export interface MysqlOptions {
  readonly server?: MysqlServer;
  /** Created, with all privileges, besides the password-less root. */
  readonly user?: { readonly name: string; readonly password: string };
  /** Switches the general query log on from the start. */
  readonly generalLog?: boolean;
  /** Added to the command line last, so that they win. */
  readonly args?: readonly string[];
}

/** What can be set on Temporal. */
export interface TemporalOptions {
  /** Further arguments of `temporal server start-dev`, for example dynamic configuration. */
  readonly args?: readonly string[];
}

/** What can be set on a stack. */
export interface StackOptions<P extends PartName = PartName> {
  /** Letters, digits, `-` and `_`; its data are kept under this name. */
  readonly name: string;
  readonly parts: readonly P[];
  readonly ports?: PortWishes;
  readonly mysql?: MysqlOptions;
  readonly temporal?: TemporalOptions;
  /** Forgets the data of an earlier stack of this name first. */
  readonly fresh?: boolean;
  /** Lets the stack outlive this process; stop it with `down`. */
  readonly detached?: boolean;
  readonly log?: StackLog;
}
