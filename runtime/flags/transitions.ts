import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Pool, ResultSetHeader, RowDataPacket } from './source-pool.ts';
import { idColumn, raiseCounter } from '../store/ids.ts';
import type { StoreModel } from '../store/model.ts';
import type { Flags, FlagStore } from './flag-store.ts';
import { createFences, createOutbox, createTriggers, dropFences, dropOutbox, dropTriggers, OUTBOX_TABLE } from './outbox-sql.ts'; // prettier-ignore
import type { Phase } from './phases.ts';
import type { Relay } from './relay.ts';
import { enqueueEverything, holdsItems } from './resync.ts';
import { name } from './sql-text.ts';
import type { SourceTables } from './source-tables.ts';

/** Why a phase may not be entered now; the message is for the operator. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
}

export interface TransitionContext {
  readonly client: DynamoDBClient;
  readonly model: StoreModel;
  readonly tables: SourceTables;
  readonly pool: () => Pool;
  readonly relay: Relay;
  readonly store: FlagStore;
  readonly flags: Flags;
  readonly confirm: string | undefined;
  readonly step: (text: string) => void;
}

/** What a change of phase does while everybody is quiet. */
export interface Transition {
  /** Checks and work before the switch; gives the first id of the next outbox. */
  prepare(context: TransitionContext): Promise<bigint>;
  /** Takes back what {@link prepare} did, when the switch does not happen. */
  undo(context: TransitionContext): Promise<void>;
  /** What is left to do after the switch; may fail without harm. */
  finish(context: TransitionContext): Promise<void>;
}

/** Confirmation that phase 5 asks for. */
export const CONFIRM_LAST = 'dynamodb-only';
/** Confirmation of one who has looked into the mismatches of phase 3, and goes on. */
export const CONFIRM_MISMATCHES = 'read-mismatches';

/** Confirmation of one who knows that no row has changed since the tables were filled. */
export const CONFIRM_CURRENT = 'tables-current';
/** Asks for every row and item to be carried once more, whatever that takes. */
export const CONFIRM_ENQUEUE = 'enqueue-everything';

export function transitionTo(from: Phase, to: Phase): Transition {
  return TRANSITIONS[`${from}-${to}`] ?? NOTHING;
}

const NOTHING: Transition = {
  prepare: ({ flags }) => Promise.resolve(flags.versionBase),
  undo: () => Promise.resolve(),
  finish: () => Promise.resolve(),
};

const TRANSITIONS: Readonly<Record<string, Transition>> = {
  '1-2': { ...NOTHING, prepare: installOutbox, undo: removeOutbox },
  '2-1': { ...NOTHING, prepare: nextVersion, finish: removeOutbox },
  '2-3': { ...NOTHING, prepare: emptyOutbox },
  '3-4': { ...NOTHING, prepare: trustReads },
  '4-5': { ...NOTHING, prepare: closeMysql, undo: ({ pool, tables }) => run(pool(), dropFences(tables)) },
};

async function installOutbox(context: TransitionContext): Promise<bigint> {
  const { pool, tables, flags, client, model, step } = context;
  const everything = await mustEnqueueEverything(context);
  try {
    // What an earlier way back could not take away must not enqueue twice, or by an older build's rules.
    await run(pool(), [...dropFences(tables), ...dropTriggers(tables), dropOutbox()]);
    await run(pool(), [createOutbox(flags.versionBase), ...createTriggers(tables)]);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Refusal(`The outbox and its triggers could not be created: ${why}`);
  }
  step('The outbox and its triggers stand in MySQL.');
  if (everything) {
    const keys = await enqueueEverything(pool(), client, model, tables);
    step(`${keys} keys are enqueued, so that items of unknown age are carried once more.`);
  }
  return flags.versionBase;
}

/**
 * Rows that changed between the filling of the tables and the triggers are known to nobody. After a way back to phase
 * 1 there surely are some; where the tables were filled beforehand the operator says what is so.
 */
async function mustEnqueueEverything({ flags, client, model, confirm, step }: TransitionContext): Promise<boolean> {
  if (flags.versionBase > 1n || confirm === CONFIRM_ENQUEUE) return true;
  if (!(await holdsItems(client, model))) return false;
  if (confirm !== CONFIRM_CURRENT) {
    throw new Refusal(
      'The tables hold items already. Rows that changed since they were filled would be missed: confirm with ' +
        `"${CONFIRM_ENQUEUE}" to carry every row once more, or with "${CONFIRM_CURRENT}" when none has changed.`,
    );
  }
  step('The tables hold items, and are confirmed to be current.');
  return false;
}

/** The next id that the outbox would give, found by taking one. */
async function nextVersion({ pool, step }: TransitionContext): Promise<bigint> {
  const columns = '(source_table, row_key, connection_id)';
  const [answer] = await pool().query<ResultSetHeader>(
    `INSERT INTO ${name(OUTBOX_TABLE)} ${columns} VALUES ('', JSON_ARRAY(), 0)`,
  );
  await pool().query(`DELETE FROM ${name(OUTBOX_TABLE)} WHERE id = ${answer.insertId}`);
  step(`The next outbox begins behind version ${answer.insertId}.`);
  return BigInt(answer.insertId) + 1n;
}

async function removeOutbox({ pool, tables, step }: TransitionContext): Promise<void> {
  await run(pool(), [...dropTriggers(tables), dropOutbox()]);
  step('The outbox and its triggers are gone from MySQL.');
}

async function emptyOutbox({ relay, flags, step }: TransitionContext): Promise<bigint> {
  try {
    await relay.drainAll();
  } catch (error) {
    throw new Refusal(`The outbox can not be emptied: ${error instanceof Error ? error.name : 'unknown'}.`);
  }
  const depth = await relay.depth();
  if (depth > 0) throw new Refusal(`${depth} rows are in the outbox still; somebody else writes to MySQL.`);
  step('The outbox is empty.');
  return flags.versionBase;
}

async function trustReads(context: TransitionContext): Promise<bigint> {
  const { store, flags, confirm, step } = context;
  const mismatches = await store.mismatches(flags.generation);
  if (mismatches > 0 && confirm !== CONFIRM_MISMATCHES) {
    throw new Refusal(
      `${mismatches} reads differed in phase 3. Look at the events; confirm with "${CONFIRM_MISMATCHES}" to go on all the same.`,
    );
  }
  step(`${mismatches} reads differed in this phase.`);
  return emptyOutbox(context);
}

/** From here on MySQL takes no write any more: not from a forgotten instance, nor from another application. */
async function closeMysql(context: TransitionContext): Promise<bigint> {
  const { pool, tables, client, model, step } = context;
  await run(pool(), [...dropFences(tables), ...createFences(tables)]);
  step('MySQL refuses writes to the migrated tables.');
  const base = await emptyOutbox(context);
  for (const entity of Object.values(model.entities)) {
    const column = idColumn(entity);
    if (column === undefined) continue;
    await raiseCounter(client, model, entity, await lastId(pool(), entity.sourceTable, column));
  }
  step('The id counters stand where those of MySQL stood.');
  return base;
}

async function lastId(pool: Pool, table: string, column: string): Promise<bigint> {
  const connection = await pool.getConnection();
  try {
    // MySQL 8 caches the statistics; older servers have no such variable.
    await connection.query('SET SESSION information_schema_stats_expiry = 0').catch(() => undefined);
    const [[next], [last]] = [
      await connection.query<RowDataPacket[]>(
        'SELECT CAST(AUTO_INCREMENT AS CHAR) AS value FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ?',
        [table],
      ),
      await connection.query<RowDataPacket[]>(`SELECT CAST(MAX(${name(column)}) AS CHAR) AS value FROM ${name(table)}`),
    ];
    const given = BigInt((next[0]?.['value'] as string | null) ?? '1') - 1n;
    const used = BigInt((last[0]?.['value'] as string | null) ?? '0');
    return given > used ? given : used;
  } finally {
    connection.release();
  }
}

async function run(pool: Pool, statements: readonly string[]): Promise<void> {
  for (const statement of statements) await pool.query(statement);
}
