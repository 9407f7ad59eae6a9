import { CancellationScope, condition, workflowInfo } from '@temporalio/workflow';
import type { AuditEvent, AuditHead } from '../core/audit.ts';
import type { MigrationPlan } from '../core/plan.ts';
import { appendAudit } from './activities.ts';
import type { AuditAnswer } from './messages.ts';

/** How many events the query `audit` shows; the whole trail is in the artifact store. */
const RECENT = 50;

/** Genesis of the chain; the hash itself is made where Node's crypto is. */
const NOTHING: AuditHead = { count: 0, hash: '0'.repeat(64) };

/** An event as the workflow tells it; key and time are added here. */
export type Happening = Omit<AuditEvent, 'key' | 'when'>;

/**
 * Writes audit records one after the other, in the order in which things happened, also when cancelled.
 * Remembers the end of the trail: a tail that is cut off later does not fit to what the workflow knows.
 */
export class AuditWriter {
  #head = NOTHING;
  #recent: AuditEvent[] = [];
  #count = 0;
  #written: Promise<void> = Promise.resolve();
  readonly #plan: () => MigrationPlan | undefined;

  constructor(plan: () => MigrationPlan | undefined) {
    this.#plan = plan;
  }

  /** Resolves when the record is durable. */
  record(happening: Happening): Promise<void> {
    // The run id is part of the key: after a reset the count goes back, and the new run's events are new events.
    const key = `${workflowInfo().runId}/${++this.#count}`;
    const event: AuditEvent = { key, when: new Date().toISOString(), ...happening };
    this.#written = this.#written.then(() => CancellationScope.nonCancellable(() => this.#write(event)));
    return this.#written;
  }

  /** Resolves when everything that happened so far is durable. */
  flushed(): Promise<void> {
    return this.#written;
  }

  answer(): AuditAnswer {
    return { head: this.#head, recent: this.#recent };
  }

  get head(): AuditHead {
    return this.#head;
  }

  async #write(event: AuditEvent): Promise<void> {
    // A request may come in before the plan was checked; where the trail is kept stands in the plan.
    await condition(() => this.#plan() !== undefined);
    const plan = this.#plan();
    if (plan === undefined) return;
    this.#head = await appendAudit({ plan, event });
    this.#recent = [...this.#recent, event].slice(-RECENT);
  }
}
