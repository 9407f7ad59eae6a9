import type { PriceTable } from './prices.ts';
import type { StageId } from './stages.ts';

/** `env:NAME`, `file:PATH` or `secretsmanager:ARN`; never the secret itself. */
export type SecretReference = string;

/**
 * The migration's input: plain JSON (or YAML, read by the CLI), published as `core/plan.schema.json`.
 * Relative paths are relative to the worker's working directory; the CLI makes them absolute.
 */
export interface MigrationPlan {
  readonly name: string;
  /** Folder, or `s3://bucket/prefix`, that holds artifacts, audit and checkpoints of all migrations. */
  readonly artifactStore: string;
  readonly source: SourceSettings;
  readonly application: ApplicationSettings;
  readonly target: TargetSettings;
  readonly gates: GateSettings;
  /** Requests a second that the operator states, by access pattern id or `METHOD /path`; used where nothing was measured. */
  readonly statedRates?: Readonly<Record<string, { readonly mean: number; readonly peak: number }>>;
  /** Named assumption applied to patterns without measured or stated rate; without it such a pattern stops stage 2. */
  readonly assumedRate?: { readonly name: string; readonly mean: number; readonly peak: number };
  /**
   * A contract that stage 2 takes in place of its own design: a file that the worker can read, and the hash of what was
   * reviewed. All checks and the proof are made on it; `cutover retry NAME --contract FILE` fills this in.
   */
  readonly contract?: { readonly path: string; readonly sha256: string };
  /** Start at a later stage, on the verified manifests of an earlier run of the same name. */
  readonly startAt?: StageId;
}

export interface SourceSettings {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly password?: SecretReference;
  readonly tls?: boolean;
  /** Stage 1 reads through this MCP server instead of connecting itself; all other stages connect. */
  readonly mcp?: McpSettings;
  /** A general or slow log as a file readable by the worker (plain or gzip). */
  readonly queryLog?: { readonly path: string; readonly format: 'general' | 'slow'; readonly timeZone?: string };
  /** Instead of a log: watch the server's own counters of statements (performance_schema) for so many seconds. */
  readonly statementDigests?: { readonly seconds: number };
}

/** An MCP server for MySQL: a command to start (stdio) or a URL (streamable HTTP), and which tool takes SQL. */
export interface McpSettings {
  readonly command?: string;
  readonly arguments?: readonly string[];
  /** Variables of the command besides PATH, HOME and the like; never secrets. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly secretEnvironment?: Readonly<Record<string, SecretReference>>;
  readonly url?: string;
  /** HTTP headers whose whole values are secrets, such as `Authorization`. */
  readonly secretHeaders?: Readonly<Record<string, SecretReference>>;
  /** Name of the tool that runs a statement, and of its argument that takes the statement. */
  readonly tool: string;
  readonly argument: string;
  /** Further arguments of the tool, always the same. */
  readonly otherArguments?: Readonly<Record<string, string>>;
  /** Rows asked for at once, 500 if not said; a server that cuts answers off is noticed and asked again. */
  readonly pageRows?: number;
}

/** How to build, run and test the application; commands run without a shell unless they name one. */
export interface ApplicationSettings {
  /** A folder in a git work tree; its branches other than `cutover/<name>` are never touched. */
  readonly path: string;
  /** Folders below `path` that hold the source, such as `src`. */
  readonly sources: readonly string[];
  readonly install?: string;
  readonly build?: string;
  readonly lint?: string;
  readonly server: {
    readonly start: string;
    /** Environment variable that takes the port, and the path that answers 2xx when it is ready. */
    readonly portVariable: string;
    readonly readyPath: string;
    /** Environment variable that takes `mysql://user:password@host:port/database`. */
    readonly databaseUrlVariable: string;
    readonly environment?: Readonly<Record<string, string>>;
  };
  /** `{serverUrl}` in values is replaced by the running server's address. */
  readonly tests: { readonly command: string; readonly environment?: Readonly<Record<string, string>> };
  /** A deterministic sequential driver of HTTP traffic; `{serverUrl}` replaced. Recorded through a proxy. */
  readonly traffic?: { readonly command: string; readonly environment?: Readonly<Record<string, string>> };
  /**
   * A database beside the migrated one, on the same server, that tests may destroy: name, and the command that
   * fills it from nothing, given the database URL variable.
   */
  readonly scratch: { readonly database: string; readonly prepare: string };
  /** Writes the methods that stage 4 can't compile; without it they are refused. See docs/executor.md. */
  readonly executor?: ExecutorSettings;
}

/** A command (a coding agent, a script) that is given one refused method after the other, and writes a file for each. */
export interface ExecutorSettings {
  /** Runs in the work tree, without a shell and without the worker's environment; the task is JSON on its input. */
  readonly command: string;
  /** For one method; then it is ended. */
  readonly timeoutSeconds: number;
}

export interface TargetSettings {
  readonly region: string;
  /** Endpoint of an AWS emulator; absent means AWS by the default credential chain. */
  readonly endpoint?: string;
  /** Put before every table and stack name, such as `shop-`. */
  readonly prefix: string;
  /** Must be true before anything that looks like production (no emulator endpoint) is touched. */
  readonly allowProduction?: boolean;
  /** Prices of the region, where they are not those of `price-table.json` of stage 2 (us-east-1). */
  readonly prices?: PriceTable;
}

export interface GateSettings {
  /** `auto` approves by policy and says so in the audit. */
  readonly policy: 'manual' | 'auto';
  /** Gates that stay manual under `auto`. */
  readonly manual?: readonly string[];
  /**
   * Gates that ask to go on without something (a refused method, say) and that `auto` may answer nevertheless, by id or
   * pattern; all others of that kind wait for a person.
   */
  readonly accepted?: readonly string[];
}
