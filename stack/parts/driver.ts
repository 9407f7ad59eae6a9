import type { MysqlOptions, PartName, PortWishes, StackLog, TemporalOptions } from '../base/types.ts';

/** A port by the name under which it can be wished for. */
export type PortKey = keyof PortWishes;

/** The ports in use, by the same names. */
export type Ports = Partial<Record<PortKey, number>>;

/** What a driver may know about the stack it starts a part of. */
export interface PartContext {
  /** The part's own folder within the stack's folder. */
  readonly dir: string;
  readonly ports: Ports;
  readonly mysql: MysqlOptions;
  readonly temporal: TemporalOptions;
  readonly log: StackLog;
}

/** A command line, ready to be started. */
export interface Launch {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** How one part is installed, started, asked for its health and described. */
export interface PartDriver<E> {
  readonly part: PartName;
  /** The first is the one that is asked for health. */
  readonly ports: readonly PortKey[];
  /** How long it may take to end in order before it is killed. */
  readonly graceMs: number;
  /** Installs what is missing, makes the data folder and gives the command. */
  prepare(context: PartContext): Promise<Launch>;
  /** Asks the running part something real; throws while it is not healthy. Then finishes what only a running part can. */
  check(context: PartContext): Promise<E>;
}

/** The port of that name; there is always one, as ports are chosen before a driver is called. */
export function portOf(context: PartContext, key: PortKey): number {
  const port = context.ports[key];
  if (port === undefined) throw new TypeError(`no port was chosen for ${key}`);
  return port;
}
