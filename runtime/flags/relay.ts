import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Pool, RowDataPacket } from './source-pool.ts';
import { setTimeout as delay } from 'node:timers/promises';
import type { StoreModel } from '../store/model.ts';
import { carry } from './carry.ts';
import { errorName, type Events } from './events.ts';
import { type Batch, readBatch, type Selection } from './outbox-rows.ts';
import { OUTBOX_TABLE } from './outbox-sql.ts';
import { name } from './sql-text.ts';
import type { SourceTables } from './source-tables.ts';

const PARALLEL = 16;
/** In the background only what the writer itself has left behind for so long is taken. */
const LEFT_BEHIND_SECONDS = 0.5;
/** Beyond it, DynamoDB does not answer reads any more until it has caught up. */
const BEHIND_SECONDS = 2;
const IDLE_MS = 500;
const LONGEST_WAIT_MS = 10_000;

export interface RelayOptions {
  readonly client: DynamoDBClient;
  readonly model: StoreModel;
  readonly tables: SourceTables;
  /** Opened when the relay has something to do. */
  readonly pool: () => Pool;
  readonly events: Events;
}

/** Carries the outbox to DynamoDB: at once for the own writer, in the background for what was left behind. */
export class Relay {
  private readonly options: RelayOptions;
  private running: Promise<void> | undefined;
  private stopping = new AbortController();
  private failures = 0;
  private failed = false;
  private oldest = 0;

  constructor(options: RelayOptions) {
    this.options = options;
  }

  /** Whether DynamoDB lacks changes that MySQL has had for a while, as far as this instance knows. */
  get behind(): boolean {
    return this.failed || this.oldest > BEHIND_SECONDS;
  }

  /** Whether DynamoDB refused the last thing that was carried to it. */
  get failing(): boolean {
    return this.failures > 0;
  }

  /** Carries what one connection enqueued. Throws when something of it stays behind; the background takes it then. */
  async drainConnection(connectionId: number): Promise<void> {
    await this.drain({ connectionId });
  }

  /** Carries everything that is there. Throws when something stays behind. */
  async drainAll(): Promise<void> {
    await this.drain({});
  }

  /** Rows of the outbox. */
  async depth(): Promise<number> {
    const [rows] = await this.options.pool().query<RowDataPacket[]>(`SELECT COUNT(*) AS n FROM ${name(OUTBOX_TABLE)}`);
    return Number(rows[0]?.['n'] ?? 0);
  }

  /** Starts to look after the outbox in the background. */
  start(): void {
    if (this.running !== undefined) return;
    this.stopping = new AbortController();
    this.running = this.loop(this.stopping.signal);
  }

  /** Returns when nothing of this relay is on its way any more. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
    this.running = undefined;
    this.failures = 0;
    this.failed = false;
    this.oldest = 0;
  }

  private async loop(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await this.drain({ olderThanSeconds: LEFT_BEHIND_SECONDS }, signal);
      } catch {
        // Told by drain; the rows are where they were.
      }
      const wait = Math.min(LONGEST_WAIT_MS, IDLE_MS * 2 ** Math.min(this.failures, 10));
      // Full jitter when failing, so that instances do not come back all at once.
      const pause = this.failures === 0 ? wait : IDLE_MS / 2 + Math.random() * wait;
      await delay(pause, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }

  private async drain(selection: Selection, signal?: AbortSignal): Promise<void> {
    const { pool, model, tables, events } = this.options;
    let after: string | undefined;
    let first: unknown;
    let oldest = 0;
    try {
      for (;;) {
        if (signal?.aborted === true) return;
        const batch = await readBatch(pool(), model, tables, after === undefined ? selection : { ...selection, after });
        if (batch.last === null) break;
        oldest = Math.max(oldest, batch.age);
        const error = await this.carryBatch(batch);
        first ??= error;
        after = batch.last;
      }
      // One key that can't be carried must not keep those behind it; it is told when all others had their turn.
      if (first !== undefined) throw first as Error;
      this.failures = 0;
      if (selection.connectionId === undefined) [this.failed, this.oldest] = [false, 0];
    } catch (error) {
      this.failures += 1;
      this.failed = true;
      this.oldest = Math.max(this.oldest, oldest);
      events.add('relay', 'Rows of the outbox stay until DynamoDB takes them.', { error: errorName(error) });
      throw error;
    }
  }

  /** Gives the first failure, if there was any; what went through is taken off the outbox in any case. */
  private async carryBatch(batch: Batch): Promise<unknown> {
    const { client, model } = this.options;
    let failure: unknown;
    const done: string[] = [];
    for (let start = 0; start < batch.states.length; start += PARALLEL) {
      const part = batch.states.slice(start, start + PARALLEL);
      const outcomes = await Promise.allSettled(part.map((state) => carry(client, model, state)));
      outcomes.forEach((outcome, position) => {
        if (outcome.status === 'fulfilled') done.push(...(part[position]?.ids ?? []));
        else failure ??= outcome.reason ?? new Error('refused');
      });
      // DynamoDB that answers nobody would cost a timeout for every part.
      if (outcomes.every(({ status }) => status === 'rejected')) break;
    }
    await this.remove(done);
    return failure;
  }

  /** Takes off exactly the rows that were carried: those enqueued since have their own turn. */
  private async remove(ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    const sorted = [...ids].sort((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1));
    const list = sorted.map((id) => BigInt(id).toString()).join(', ');
    const connection = await this.options.pool().getConnection();
    try {
      // Under REPEATABLE READ a row that another relay has taken off leaves a gap lock, and writers would wait.
      await connection.query('SET TRANSACTION ISOLATION LEVEL READ COMMITTED');
      await connection.query(`DELETE FROM ${name(OUTBOX_TABLE)} WHERE id IN (${list})`);
    } finally {
      connection.release();
    }
  }
}
