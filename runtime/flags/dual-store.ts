import { errorName, type Events } from './events.ts';
import type { Admission, Gate } from './gate.ts';
import { type Phase, PHASES, type PhaseRules } from './phases.ts';
import type { Relay } from './relay.ts';
import { currentRequest } from './request-context.ts';
import type { Shadow } from './shadow.ts';
import { connectionIdOf, type DalShape, FlagsUnit, type UnitShape } from './unit.ts';

export interface DualStoreOptions {
  readonly mysql: () => DalShape;
  readonly dynamodb: () => DalShape;
  readonly gate: Gate;
  readonly relay: Relay;
  readonly shadow: Shadow;
  readonly events: Events;
}

/** What DynamoDB has to answer a caller who could also be answered by MySQL, or to take a write after MySQL took it. */
const PATIENCE_MS = 2000;
/** After a failed read DynamoDB is left alone for so long. */
const REST_MS = 1000;

/** Sends every call of the data access layer where the phase says. */
export class DualStore {
  private readonly options: DualStoreOptions;
  private restUntil = 0;
  /** Reads outside of transactions that each store has answered. */
  readonly answered = { mysql: 0, dynamodb: 0 };

  constructor(options: DualStoreOptions) {
    this.options = options;
  }

  async begin(): Promise<FlagsUnit> {
    const admission = await this.options.gate.enter();
    try {
      const rules = PHASES[admission.phase];
      const dal = this.primary(admission.phase);
      const afterWrite = (unit: UnitShape): Promise<void> => (rules.dualWrite ? this.drain(unit) : Promise.resolve());
      return new FlagsUnit(dal, await dal.begin(), admission, afterWrite);
    } catch (error) {
      admission.leave();
      throw error;
    }
  }

  async ping(): Promise<void> {
    await this.admitted(({ phase }) => this.primary(phase).ping());
  }

  async call(aggregate: string, name: string, kind: 'read' | 'write', given: readonly unknown[]): Promise<unknown> {
    const args = [...given];
    // `find(input, undefined)` is `find(input)`: what is left is the input, if there is one, and the unit.
    while (args.length > 0 && args.at(-1) === undefined) args.pop();
    const unit = args.at(-1);
    const run = (dal: DalShape, more: readonly unknown[] = args): Promise<unknown> =>
      methodOf(dal, aggregate, name)(...more);
    if (unit instanceof FlagsUnit) {
      const answer = await run(unit.dal, [...args.slice(0, -1), unit.inner]);
      if (kind === 'write') await unit.wrote();
      return answer;
    }
    return this.admitted(({ phase }) => {
      const rules = PHASES[phase];
      if (kind === 'read') return this.read(rules, `${aggregate}.${name}`, args, run);
      if (rules.dualWrite) return this.write(args, run);
      return run(this.primary(phase));
    });
  }

  private async read(rules: PhaseRules, method: string, args: readonly unknown[], run: Run): Promise<unknown> {
    const { mysql, dynamodb, shadow } = this.options;
    const chosen = rules.dualWrite ? currentRequest()?.reads : undefined;
    if ((chosen ?? rules.reads) === 'dynamodb') {
      if (rules.primary === 'mysql') return this.readWithFallback(method, run);
      this.answered.dynamodb += 1;
      return run(dynamodb());
    }
    this.answered.mysql += 1;
    const answer = await run(mysql());
    if (rules.compareReads && chosen === undefined) {
      // Not of the request any more, so that nothing of it waits for the comparison.
      shadow.compare(method, args[0], answer, { mysql: () => run(mysql()), dynamodb: () => run(dynamodb()) });
    }
    return answer;
  }

  private async readWithFallback(method: string, run: Run): Promise<unknown> {
    const { mysql, dynamodb, relay, events } = this.options;
    if (relay.behind || Date.now() < this.restUntil) {
      this.answered.mysql += 1;
      return run(mysql());
    }
    try {
      const answer = await within(PATIENCE_MS, run(dynamodb()));
      this.answered.dynamodb += 1;
      return answer;
    } catch (error) {
      this.answered.mysql += 1;
      this.restUntil = Date.now() + REST_MS;
      events.add('fallback', 'DynamoDB did not answer a read; MySQL did.', { method, error: errorName(error) });
      return run(mysql());
    }
  }

  /** As a unit without a transaction, so that the connection is known whose changes are to be carried. */
  private async write(args: readonly unknown[], run: Run): Promise<unknown> {
    const mysql = this.options.mysql();
    const unit = await mysql.begin();
    let answer: unknown;
    try {
      answer = await run(mysql, [...args, unit]);
    } finally {
      unit.release();
    }
    await this.drain(unit);
    return answer;
  }

  /** Never fails: MySQL has the write, and the outbox has it, so the relay will bring it. */
  private async drain(unit: UnitShape): Promise<void> {
    const { relay } = this.options;
    // While DynamoDB fails, callers do not wait for it again and again.
    if (relay.failing) return;
    const id = connectionIdOf(unit);
    await within(PATIENCE_MS, id === undefined ? relay.drainAll() : relay.drainConnection(id)).catch(() => undefined);
  }

  private primary(phase: Phase): DalShape {
    return PHASES[phase].primary === 'mysql' ? this.options.mysql() : this.options.dynamodb();
  }

  private async admitted<T>(work: (admission: Admission) => Promise<T>): Promise<T> {
    const admission = await this.options.gate.enter();
    try {
      return await work(admission);
    } finally {
      admission.leave();
    }
  }
}

type Method = (...args: readonly unknown[]) => Promise<unknown>;
type Run = (dal: DalShape, args?: readonly unknown[]) => Promise<unknown>;

function methodOf(dal: DalShape, aggregate: string, name: string): Method {
  const members = (dal as unknown as Readonly<Record<string, Readonly<Record<string, Method>> | undefined>>)[aggregate];
  const method = members?.[name];
  if (method === undefined) throw new TypeError(`The data access layer has no ${aggregate}.${name}.`);
  return method.bind(members);
}

async function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    const error = Object.assign(new Error(`No answer in ${milliseconds} ms.`), { code: 'FLAGS_TIMEOUT' });
    timer = setTimeout(() => reject(error), milliseconds);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
    work.catch(() => undefined);
  }
}
