import { setTimeout as delay } from 'node:timers/promises';
import {
  DeleteItemCommand,
  DescribeTableCommand,
  PutItemCommand,
  ScanCommand,
  TagResourceCommand,
} from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { RowDataPacket } from 'mysql2/promise';
import { sampleContract } from '../../contract/sample.ts';
import type { MigrationPlan } from '../../core/plan.ts';
import { Events } from '../../runtime/flags/events.ts';
import { FlagStore } from '../../runtime/flags/flag-store.ts';
import { Gate } from '../../runtime/flags/gate.ts';
import { Member } from '../../runtime/flags/member.ts';
import { changePhase } from '../../runtime/flags/phase-change.ts';
import type { Phase } from '../../runtime/flags/phases.ts';
import { Relay } from '../../runtime/flags/relay.ts';
import { testEndpoints } from '../../test/support/shared-stack.ts';
import { stageContext, type TestContext } from '../../test/support/stage-context.ts';
import { libraryAnalysis } from '../02-dynamodb-data-modeling/testing/library.ts';
import { LIBRARY, openLibrary, type Library } from '../05-feature-flags-system/testing/library.ts';
import { stage as infrastructure } from '../06-infrastructure-deployment/index.ts';
import { OWNER_TAG } from '../06-infrastructure-deployment/naming.ts';
import { stage as dataMigration } from '../07-data-migration-execution/index.ts';
import { backToPhaseOne, currentPhase } from './back-to-phase-one.ts';

describe('a rollback under an application that has left phase 1', () => {
  let library: Library;
  let context: TestContext;
  let application: Application;

  beforeEach(async () => {
    library = await openLibrary();
    await library.connection.query("INSERT INTO authors (id, email) VALUES (1, 'ann@example.org')");
    context = await stageContext(plan(), {
      'stage-01/analysis.json': JSON.stringify(libraryAnalysis()),
      'stage-02/migrationContract.json': JSON.stringify(sampleContract()),
    });
    await dataMigration.execute(context);
    application = startApplication(library);
  });
  afterEach(async () => {
    await application.member.stop();
    await library.close();
  });

  function plan(): MigrationPlan {
    const { host, port, user } = testEndpoints().mysql;
    const { endpoint, region } = testEndpoints().aws;
    return {
      name: 'library',
      artifactStore: 'unused',
      source: { host, port, user, database: library.database },
      application: {} as MigrationPlan['application'],
      target: { region, endpoint, prefix: library.prefix },
      gates: { policy: 'auto' },
    };
  }

  async function items(table: string): Promise<number> {
    return (await library.client.send(new ScanCommand({ TableName: library.prefix + table }))).Items?.length ?? 0;
  }

  async function triggers(): Promise<number> {
    const [rows] = await library.connection.query<RowDataPacket[]>(
      'SELECT 1 FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = ?',
      [library.database],
    );
    return rows.length;
  }

  test('the application in phase 4 is back in phase 1 before the first item goes', async () => {
    await application.to(4);
    expect(await triggers()).toBeGreaterThan(0);
    await dataMigration.compensate(context);
    expect(await currentPhase(context)).toBe(1);
    await delay(1200);
    expect(application.gate.current).toBe(1);
    expect(await triggers()).toBe(0);
    expect(await items('authors')).toBe(0);
  });

  test('in phase 5 neither stage takes anything away, and nothing old is loaded again', async () => {
    await application.to(5);
    const before = await items('authors');
    await expect(dataMigration.compensate(context)).rejects.toThrow('flags.phase-final');
    await context.checkpoint.save({ stacks: [], tables: [`${library.prefix}authors`] });
    await expect(infrastructure.compensate(context)).rejects.toThrow('flags.phase-final');
    await expect(dataMigration.execute(context)).rejects.toThrow('flags.phase-final');
    expect(before).toBe(1);
    expect(await items('authors')).toBe(1);
  });

  test('while somebody else changes the phase, nothing is removed', async () => {
    await application.to(2);
    const store = new FlagStore(library.client, library.model);
    const other = { id: 'somebody-else', to: 3 as const, deadline: Date.now() + 60_000 };
    await store.announce(await store.read(), other);
    await expect(dataMigration.compensate(context)).rejects.toThrow('flags.phase-not-changed');
    expect(await items('authors')).toBe(1);
    await store.withdraw(other.id);
    await dataMigration.compensate(context);
    expect(await items('authors')).toBe(0);
  });

  test('what the flags leave behind is not taken for data by stage 6; anything else is', async () => {
    await application.to(2);
    await dataMigration.compensate(context);
    await application.member.stop();
    const TableName = `${library.prefix}support`;
    const left = await library.client.send(new ScanCommand({ TableName }));
    expect(left.Items?.map((item) => item['pk']?.S?.split('#')[0])).toEqual(
      expect.arrayContaining(['FLAGS', 'INSTANCE', 'INSTANCES']),
    );
    const { Table } = await library.client.send(new DescribeTableCommand({ TableName }));
    const Tags = [{ Key: OWNER_TAG, Value: context.migration }];
    await library.client.send(new TagResourceCommand({ ResourceArn: Table?.TableArn, Tags }));
    await context.checkpoint.save({ stacks: [], tables: [TableName] });

    const data = { pk: { S: 'INSTANCES-OF-ART' } };
    await library.client.send(new PutItemCommand({ TableName, Item: data }));
    await expect(infrastructure.compensate(context)).rejects.toThrow('infrastructure.tables-not-empty');
    await library.client.send(new DeleteItemCommand({ TableName, Key: data }));
    await infrastructure.compensate(context);
    await expect(library.client.send(new DescribeTableCommand({ TableName }))).rejects.toThrow(/not found/i);
  });

  test('without flags there is nothing to do', async () => {
    await backToPhaseOne(context);
    expect(context.progressed.filter(({ step }) => step.startsWith('Take the application'))).toEqual([]);
  });
});

interface Application {
  readonly member: Member;
  readonly gate: Gate;
  readonly to: (phase: Phase) => Promise<void>;
}

/** The flags' side of an application: one instance that follows them and can change them. */
function startApplication(library: Library): Application {
  const { client, model } = library;
  const events = new Events(() => undefined);
  const store = new FlagStore(client, model);
  const gate = new Gate();
  const own = library.pool();
  const relay = new Relay({ client, model, tables: LIBRARY, pool: () => own, events });
  const member = new Member({ store, gate, relay, events });
  member.start();
  const confirmations: Readonly<Partial<Record<Phase, string>>> = { 2: 'tables-current', 5: 'dynamodb-only' };
  return {
    member,
    gate,
    to: async (phase) => {
      for (let next = 2; next <= phase; next++) {
        const to = next as Phase;
        const confirm = confirmations[to];
        const request = { to, by: 'test', why: 'test', ...(confirm === undefined ? {} : { confirm }) };
        const options = { client, model, tables: LIBRARY, pool: () => own, relay, store, member, events };
        await changePhase({ ...options, quietMs: 5000, deadlineMs: 60_000 }, request);
      }
    },
  };
}
