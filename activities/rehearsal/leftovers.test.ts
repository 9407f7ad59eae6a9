import { ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { expect, test } from '@jest/globals';
import { sampleContract } from '../../contract/sample.ts';
import type { MigrationPlan } from '../../core/plan.ts';
import { testDynamo } from '../../test/support/dynamo.ts';
import { testEndpoints, uniqueName } from '../../test/support/shared-stack.ts';
import { stageContext } from '../../test/support/stage-context.ts';
import { removeRehearsal, withRehearsal } from './rehearsal.ts';

test('tables of a rehearsal that was killed go with the next one, or with the rollback', async () => {
  const { host, port, user } = testEndpoints().mysql;
  const { endpoint, region } = testEndpoints().aws;
  const prefix = `${uniqueName('reh')}-`;
  const plan = {
    name: 'library',
    source: { host, port, user, database: 'none' },
    application: { scratch: { database: 'none' } },
    target: { region, endpoint, prefix },
  } as MigrationPlan;
  const context = await stageContext(plan, {});
  const client = testDynamo();
  const tables = async (): Promise<string[]> =>
    ((await client.send(new ListTablesCommand({}))).TableNames ?? []).filter((name) => name.startsWith(prefix));
  try {
    // A kill leaves the promise for ever where it was: the rehearsal never comes to its end.
    await new Promise<void>((killed) => {
      void withRehearsal(context, sampleContract(), () => {
        killed();
        return new Promise<never>(() => undefined);
      });
    });
    const left = await tables();
    expect(left).toHaveLength(4);
    await withRehearsal(context, sampleContract(), async () => {
      const now = await tables();
      expect(now).toHaveLength(4);
      expect(now.filter((name) => left.includes(name))).toEqual([]);
    });
    expect(await tables()).toEqual([]);

    await new Promise<void>((killed) => {
      void withRehearsal(context, sampleContract(), () => {
        killed();
        return new Promise<never>(() => undefined);
      });
    });
    await removeRehearsal(context);
    expect(await tables()).toEqual([]);
    const production = { ...context, plan: { ...plan, target: { region, prefix } } };
    await expect(withRehearsal(production, sampleContract(), () => Promise.resolve())).rejects.toThrow(
      'infrastructure.production-refused',
    );
  } finally {
    client.destroy();
  }
});
