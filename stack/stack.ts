import path from 'node:path';
import { StackError } from './base/errors.ts';
import { stackDir } from './base/paths.ts';
import { signal, terminate, waitGone } from './base/process.ts';
import { withoutProcess, writeState, type PartState, type StackState } from './base/state.ts';
import type {
  EndpointKey,
  Endpoints,
  EndpointsOf,
  PartName,
  ProcessIdentity,
  StackLog,
  StackOptions,
} from './base/types.ts';
import { silentLog } from './base/types.ts';
import { disown, own } from './cleanup.ts';
import { DRIVERS } from './parts/index.ts';
import { startPart } from './supervise.ts';

function endpointKey(part: PartName): EndpointKey<PartName> {
  return part === 'dynamodb-local' ? 'dynamodbLocal' : part;
}

/** A started stack. Made by `startStack` only. */
export class Stack<P extends PartName = PartName> {
  readonly name: string;
  readonly parts: readonly P[];
  /** The stack's own folder: state, logs, data. */
  readonly dir: string;
  readonly #options: StackOptions<P>;
  readonly #log: StackLog;
  #state: StackState;
  readonly #endpoints: Partial<Endpoints> = {};
  /** Parts that are being ended on purpose, so that their end is no news. */
  readonly #ending = new Set<PartName>();

  /** @internal */
  constructor(options: StackOptions<P>, state: StackState) {
    this.name = options.name;
    this.parts = [...new Set(options.parts)];
    this.dir = stackDir(options.name);
    this.#options = options;
    this.#log = options.log ?? silentLog;
    this.#state = state;
  }

  /** Where the parts answer. They stay the same over `stop(part)` and `start(part)`. */
  get endpoints(): EndpointsOf<P> {
    return this.#endpoints as EndpointsOf<P>;
  }

  /** The file that holds what a part has written to its output. */
  logFile(part: P): string {
    return path.join(this.dir, 'logs', `${part}.log`);
  }

  /** The processes that were started and not yet ended. */
  processes(): ProcessIdentity[] {
    return this.parts.flatMap((part) => this.#state.parts[part]?.process ?? []);
  }

  /** Starts a part that was stopped or killed: same ports, same data. */
  async start(part: P): Promise<void> {
    this.#known(part);
    const before = this.#state.parts[part];
    if (before?.process !== undefined)
      throw new StackError('ALREADY_RUNNING', `${part} of stack ${this.name} runs already: stop it first`, { part });
    if (this.#options.detached !== true) own(this);
    const started = Date.now();
    const running = await startPart({
      driver: DRIVERS[part],
      context: {
        dir: path.join(this.dir, part),
        mysql: this.#options.mysql ?? {},
        temporal: this.#options.temporal ?? {},
        log: this.#log,
      },
      // Once it had an endpoint others hold it: it comes back there or not at all.
      wished: endpointKey(part) in this.#endpoints ? (before?.ports ?? {}) : (this.#options.ports ?? {}),
      last: before?.ports ?? {},
      logFile: this.logFile(part),
      onSpawn: (identity, ports) => this.#note(part, { process: identity, ports, logFile: this.logFile(part) }),
    }).catch((error: unknown) => {
      this.#forgetProcess(part);
      throw error;
    });
    this.#note(part, {
      process: running.process,
      ports: running.ports,
      endpoint: running.endpoint,
      logFile: this.logFile(part),
    });
    Object.assign(this.#endpoints, { [endpointKey(part)]: running.endpoint });
    void running.ended.then((how) => this.#onEnded(part, running.process, how));
    this.#log.info(`${part} is up after ${((Date.now() - started) / 1000).toFixed(1)} s, pid ${running.process.pid}`);
  }

  /** Stops one part, or all of them, in order; data stay. Stopping what is stopped is no error. */
  async stop(part?: P): Promise<void> {
    if (part === undefined) {
      await Promise.all(this.parts.map((each) => this.stop(each)));
      disown(this);
      return;
    }
    this.#known(part);
    const identity = this.#state.parts[part]?.process;
    if (identity === undefined) return;
    this.#ending.add(part);
    const how = await terminate(identity, DRIVERS[part].graceMs);
    if (how === 'killed') this.#log.warn(`${part} did not end in ${DRIVERS[part].graceMs / 1000} s and was killed`);
    this.#forgetProcess(part);
    this.#ending.delete(part);
  }

  /** Kills a part as a crash would: no order, no last words. */
  async kill(part: P): Promise<void> {
    this.#known(part);
    const identity = this.#state.parts[part]?.process;
    if (identity === undefined)
      throw new StackError('NOT_RUNNING', `${part} of stack ${this.name} does not run: start it first`, { part });
    this.#ending.add(part);
    signal(identity, 'SIGKILL');
    await waitGone(identity, 10_000);
    this.#forgetProcess(part);
    this.#ending.delete(part);
  }

  #known(part: PartName): void {
    if ((this.parts as readonly PartName[]).includes(part)) return;
    throw new StackError('BAD_INPUT', `stack ${this.name} was started without ${part}: name it in parts`, { part });
  }

  #onEnded(part: P, identity: ProcessIdentity, how: string): void {
    if (this.#ending.has(part) || this.#state.parts[part]?.process?.pid !== identity.pid) return;
    this.#log.warn(`${part} of stack ${this.name} ended by itself (${how}): see ${this.logFile(part)}`);
    this.#forgetProcess(part);
  }

  #note(part: PartName, state: PartState): void {
    this.#state = { ...this.#state, parts: { ...this.#state.parts, [part]: state } };
    writeState(this.#state);
  }

  #forgetProcess(part: PartName): void {
    const known = this.#state.parts[part];
    if (known !== undefined) this.#note(part, withoutProcess(known));
  }
}
