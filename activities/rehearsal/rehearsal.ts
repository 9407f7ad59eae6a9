import { randomBytes } from 'node:crypto';
import type { MigrationContract } from '../../contract/types.ts';
import type { StageContext } from '../../core/stage.ts';
import { setCounters } from '../07-data-migration-execution/counters.ts';
import { loadEntity, NOTHING_LOADED } from '../07-data-migration-execution/load/load-entity.ts';
import { openSession, type Session, type SessionOptions } from '../07-data-migration-execution/session.ts';
import type { Difference } from '../07-data-migration-execution/validate/compare.ts';
import { type EntityValidation, validateAll } from '../07-data-migration-execution/validate/validate.ts';
import { awsClients } from '../aws.ts';
import { dropLeftovers, rememberTables } from './leftovers.ts';
import { createTables, dropTables } from './tables.ts';

/**
 * The contract's tables under a prefix of their own, filled from the scratch database by the loader of stage 7: where
 * stages 4 and 5 prove what they built, away from the migration's own tables.
 */
export interface Rehearsal {
  /** Prefix of its tables. */
  readonly prefix: string;
  /** What the application needs in its environment to find them. */
  readonly environment: Readonly<Record<string, string>>;
  /** Fills the (empty) tables from the scratch database as it is now, id counters included. */
  load(): Promise<void>;
  /** Compares scratch database and tables, both ways, with the independent encoding of stage 7. */
  compare(): Promise<{ readonly entities: readonly EntityValidation[]; readonly differences: readonly Difference[] }>;
}

/** Runs `work` with fresh tables, and removes them whatever happens; after a kill, the next rehearsal or the rollback does. */
export async function withRehearsal<T>(
  context: StageContext,
  contract: MigrationContract,
  work: (rehearsal: Rehearsal) => Promise<T>,
): Promise<T> {
  const { source, target, application } = context.plan;
  const prefix = `${target.prefix}rehearsal-${randomBytes(4).toString('hex')}-`;
  const options: SessionOptions = {
    contract,
    source: { ...source, database: application.scratch.database },
    target: { ...target, prefix },
    migration: 'rehearsal',
    secret: (reference) => context.secret(reference),
  };
  const { dynamodb } = awsClients(target);
  const tables = contract.tables.map(({ table }) => prefix + table);
  try {
    await dropLeftovers(context, dynamodb);
    await rememberTables(context, tables);
    await createTables(dynamodb, contract, prefix);
    return await work({
      prefix,
      environment: {
        DYNAMODB_TABLE_PREFIX: prefix,
        AWS_REGION: target.region,
        ...(target.endpoint === undefined ? {} : { DYNAMODB_ENDPOINT: target.endpoint }),
      },
      load: () => openSession(options, (session) => loadAll(session, options.source.database, context.signal)),
      compare: () => openSession(options, (session) => compare(session, context.signal)),
    });
  } finally {
    await dropTables(dynamodb, tables);
    await rememberTables(context, []);
    dynamodb.destroy();
  }
}

/** For rollbacks: removes what a killed rehearsal left. */
export async function removeRehearsal(context: StageContext): Promise<void> {
  const { dynamodb } = awsClients(context.plan.target);
  try {
    await dropLeftovers(context, dynamodb);
  } finally {
    dynamodb.destroy();
  }
}

/** {@link loadAll} with a session of its own. */
export async function loadTables(options: SessionOptions): Promise<void> {
  await openSession(options, (session) => loadAll(session, options.source.database, new AbortController().signal));
}

/** Fills the empty tables of a session from its database, id counters included. */
export async function loadAll(session: Session, database: string, signal: AbortSignal): Promise<void> {
  for (const view of session.views) {
    const entity = session.model.entities[view.entity.source_table];
    if (entity === undefined) throw new RangeError(`The store model has no entity ${view.entity.source_table}.`);
    await session.connection.query(view.create);
    await loadEntity({
      connection: session.connection,
      client: session.client,
      model: session.model,
      entity,
      view: view.name,
      key: session.keyColumns(view.entity),
      from: NOTHING_LOADED,
      signal,
      onPage: async () => undefined,
    });
    await session.connection.query(view.drop);
  }
  await setCounters(session, database);
}

async function compare(session: Session, signal: AbortSignal) {
  const differences: Difference[] = [];
  const entities = await validateAll({
    ...session,
    signal,
    onRows: () => undefined,
    onDifference: (difference) => void differences.push(difference),
  });
  return { entities, differences };
}
