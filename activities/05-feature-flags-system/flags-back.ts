import { randomUUID } from 'node:crypto';
import mysql from 'mysql2/promise';
import { setTimeout as delay } from 'node:timers/promises';
import { storeModel } from '../../contract/store-model.ts';
import type { MigrationContract } from '../../contract/types.ts';
import { CutoverError } from '../../core/errors/index.ts';
import type { StageContext } from '../../core/stage.ts';
import { Events } from '../../runtime/flags/events.ts';
import { FlagStore } from '../../runtime/flags/flag-store.ts';
import { Relay } from '../../runtime/flags/relay.ts';
import type { SourceTables } from '../../runtime/flags/source-tables.ts';
import { transitionTo } from '../../runtime/flags/transitions.ts';
import { awsClients } from '../aws.ts';
import { sourceConnection } from '../mysql.ts';

/** Time for running instances to see an announcement; they poll every half second. */
const ANNOUNCED_MS = 2000;

/** Puts the flags of the target back to phase 1, and takes outbox and triggers away. No flags, nothing to do. */
export async function backToPhaseOne(
  context: StageContext,
  contract: MigrationContract,
  tables: SourceTables,
): Promise<void> {
  const { source, target } = context.plan;
  if (!contract.tables.some(({ type }) => type === 'support')) return;
  const { dynamodb: client } = awsClients(target);
  const model = storeModel(contract, target.prefix);
  const store = new FlagStore(client, model);
  let pool: mysql.Pool | undefined;
  try {
    const flags = await store.read();
    if (flags.announcement !== null) await store.withdraw(flags.announcement.id);
    if (flags.phase === 1) return;
    if (flags.phase === 5) {
      throw new CutoverError('flags.phase-final', { where: `flags of ${target.prefix}`, detail: 'The phase is 5.' });
    }
    const own = mysql.createPool(await sourceConnection(source, (name) => context.secret(name)));
    pool = own;
    const relay = new Relay({ client, model, tables, pool: () => own, events: new Events(() => undefined) });
    const announcement = { id: randomUUID(), to: 1 as const, deadline: Date.now() + 60_000 };
    await store.announce({ ...flags, announcement: null }, announcement);
    await delay(ANNOUNCED_MS, undefined, { signal: context.signal });
    const transition = transitionTo(2, 1);
    const step = (text: string): void => context.log.info(text);
    const work = { client, model, tables, pool: () => own, relay, store, flags, confirm: undefined, step };
    const base = await transition.prepare(work);
    await store.switchTo(announcement, base);
    await transition.finish(work);
  } finally {
    await pool?.end();
    client.destroy();
  }
}
