import mysql from 'mysql2/promise';
import { storeModel } from '../../contract/store-model.ts';
import type { MigrationContract } from '../../contract/types.ts';
import type { Analysis } from '../../core/analysis.ts';
import { CutoverError } from '../../core/errors/index.ts';
import type { StageContext } from '../../core/stage.ts';
import { Events } from '../../runtime/flags/events.ts';
import { FlagStore } from '../../runtime/flags/flag-store.ts';
import { Gate } from '../../runtime/flags/gate.ts';
import { Member } from '../../runtime/flags/member.ts';
import { changePhase } from '../../runtime/flags/phase-change.ts';
import type { Phase } from '../../runtime/flags/phases.ts';
import { Relay } from '../../runtime/flags/relay.ts';
import { awsClients } from '../aws.ts';
import { sourceConnection } from '../mysql.ts';
import { sourceTables } from './source-tables.ts';

/** Time for the application's instances to let their requests end. */
const QUIET_MS = 30_000;
/** After it, instances take an announcement of ours for abandoned. */
const DEADLINE_MS = 60_000;

/** The phase that the application's flags say now; 1 where there are none. */
export async function currentPhase(context: StageContext): Promise<Phase> {
  const contract = await read<MigrationContract>(context, 'stage-02/migrationContract.json');
  if (!contract.tables.some(({ type }) => type === 'support')) return 1;
  const { dynamodb: client } = awsClients(context.plan.target);
  try {
    return (await new FlagStore(client, storeModel(contract, context.plan.target.prefix)).read()).phase;
  } finally {
    client.destroy();
  }
}

/**
 * Takes the application back to phase 1, a phase at a time, by the same saga as its own control page: every instance
 * becomes quiet, the outbox is drained, then the switch. Everything that takes items or tables away does this first:
 * in phases 2 to 4 the application works with them. No flags, nothing to do.
 *
 * @throws CutoverError `flags.phase-final` in phase 5, where MySQL does not have the newest writes;
 *   `flags.phase-not-changed` when an instance does not become quiet, or somebody else changes the phase.
 */
export async function backToPhaseOne(context: StageContext): Promise<void> {
  const phase = await currentPhase(context);
  if (phase === 1) return;
  const where = `flags of ${context.plan.target.prefix}`;
  if (phase === 5) throw new CutoverError('flags.phase-final', { where, detail: 'The phase is 5.' });
  const contract = await read<MigrationContract>(context, 'stage-02/migrationContract.json');
  const tables = sourceTables(await read<Analysis>(context, 'stage-01/analysis.json'), contract);
  const { source, target } = context.plan;
  const { dynamodb: client } = awsClients(target);
  const pool = mysql.createPool(await sourceConnection(source, (name) => context.secret(name)));
  const events = new Events();
  const model = storeModel(contract, target.prefix);
  const store = new FlagStore(client, model);
  const relay = new Relay({ client, model, tables, pool: () => pool, events });
  const member = new Member({ store, gate: new Gate(), relay, events });
  const options = { client, model, tables, pool: () => pool, relay, store, member, events, quietMs: QUIET_MS, deadlineMs: DEADLINE_MS }; // prettier-ignore
  try {
    for (let from: number = phase; from > 1; from--) {
      context.progress({ step: `Take the application from phase ${from} to ${from - 1}` });
      const to = (from - 1) as Phase;
      const steps = await changePhase(options, { to, by: 'cutover', why: `rollback of ${context.migration}` });
      context.log.info('Phase changed', { steps });
    }
  } catch (cause) {
    const detail = cause instanceof Error ? cause.message : String(cause);
    throw new CutoverError('flags.phase-not-changed', { where, detail, cause });
  } finally {
    await member.stop();
    await pool.end();
    client.destroy();
  }
}

async function read<T>(context: StageContext, name: string): Promise<T> {
  return JSON.parse(Buffer.from(await context.input(name)).toString('utf8')) as T;
}
