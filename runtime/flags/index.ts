import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { StoreModel } from '../store/model.ts';
import { ControlServer } from './control.ts';
import { DualStore } from './dual-store.ts';
import { Events } from './events.ts';
import { FlagStore } from './flag-store.ts';
import { Gate } from './gate.ts';
import { Member } from './member.ts';
import { type ChangeRequest, changePhase } from './phase-change.ts';
import { Relay } from './relay.ts';
import { followRequests } from './request-context.ts';
import { readSettings } from './settings.ts';
import { Shadow } from './shadow.ts';
import { openSourcePool, type Pool } from './source-pool.ts';
import type { SourceTables } from './source-tables.ts';
import type { DalShape } from './unit.ts';

export type { SourceTables } from './source-tables.ts';

export interface FlagsOptions<D extends DalShape> {
  /** Opened when a phase first needs it: in phase 5 never. */
  readonly mysql: () => D & { readonly pool: Pool };
  readonly dynamodb: () => D;
  readonly model: StoreModel;
  readonly tables: SourceTables;
  readonly methods: Readonly<Record<string, Readonly<Record<string, 'read' | 'write'>>>>;
  readonly environment?: NodeJS.ProcessEnv;
}

const DEADLINE_MS = 60_000;

/** The data access layer over both stores, by the phase that all instances share. */
export function createFlagsDal<D extends DalShape>(options: FlagsOptions<D>): D {
  const settings = readSettings(options.environment ?? process.env);
  const events = new Events();
  const { model, tables } = options;
  const mysql = once(options.mysql);
  const dynamodb = once(options.dynamodb);
  const pool = once(() => openSourcePool(mysql.get().pool));
  const client = new DynamoDBClient({
    region: settings.region,
    maxAttempts: 2,
    // Whoever waits here has been answered by MySQL already, or is about to be.
    requestHandler: { connectionTimeout: 1000, requestTimeout: 3000 },
    ...(settings.endpoint === undefined
      ? {}
      : { endpoint: settings.endpoint, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } }),
  });
  const store = new FlagStore(client, model);
  const gate = new Gate();
  const relay = new Relay({ client, model, tables, pool: pool.get, events });
  const member = new Member({ store, gate, relay, events });
  const shadow = new Shadow(events, () => {
    void store.addMismatch(member.known?.generation ?? 0).catch(() => undefined);
  });
  const dual = new DualStore({ mysql: mysql.get, dynamodb: dynamodb.get, gate, relay, shadow, events });
  const unfollow = followRequests(settings.cookieSecret);
  const change = (request: ChangeRequest): Promise<string[]> =>
    changePhase({ client, model, tables, pool: pool.get, relay, store, member, events, quietMs: settings.quietMs, deadlineMs: DEADLINE_MS }, request); // prettier-ignore
  const control =
    settings.control === undefined
      ? undefined
      : new ControlServer({ ...settings.control, cookieSecret: settings.cookieSecret, store, member, relay, shadow, events, answered: dual.answered, change }); // prettier-ignore
  member.start();
  control?.start();

  const members = Object.entries(options.methods).map(([aggregate, methods]) => [
    aggregate,
    Object.fromEntries(
      Object.entries(methods).map(([name, kind]) => [
        name,
        (...args: readonly unknown[]) => dual.call(aggregate, name, kind, args),
      ]),
    ),
  ]);
  const dal: DalShape = {
    ...(Object.fromEntries(members) as object),
    begin: () => dual.begin(),
    ping: () => dual.ping(),
    close: async () => {
      unfollow();
      await control?.stop();
      await member.stop();
      await shadow.idle();
      await pool.opened?.end();
      await mysql.opened?.close();
      await dynamodb.opened?.close();
      client.destroy();
    },
  };
  // Made of the very list of methods that the interface was printed with.
  return dal as D;
}

/** Opens something when it is first asked for. */
function once<T>(open: () => T): { readonly get: () => T; readonly opened: T | undefined } {
  let opened: T | undefined;
  return {
    get: () => (opened ??= open()),
    get opened() {
      return opened;
    },
  };
}
