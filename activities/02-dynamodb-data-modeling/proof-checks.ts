import { CutoverError } from '../../core/errors/index.ts';
import type { CheckResult } from '../../core/artifacts.ts';
import type { StageContext } from '../../core/stage.ts';
import { storeModel } from '../../contract/store-model.ts';
import type { MigrationContract } from '../../contract/types.ts';
import { awsClients } from '../aws.ts';
import { connectSource, sourceConnection } from '../mysql.ts';
import { result } from './checks.ts';
import { proveAccesses, putSamples, type ProvenAccess } from './proof.ts';
import { sampleItems, type Item } from './proof-sample.ts';
import { createProofTables, metersBySize, removeProofTables } from './proof-tables.ts';

/** Measured and computed units may differ by a tenth: number sizes are approximate in DynamoDB's own rules. */
const TOLERANCE = 0.1;

/** Tries the model on a real endpoint, in tables of its own that are removed again, and reports what was found. */
export async function proofChecks(context: StageContext, contract: MigrationContract): Promise<CheckResult[]> {
  const { target } = context.plan;
  if (target.endpoint === undefined && target.allowProduction !== true) {
    const detail =
      'The target is AWS itself, and target.allowProduction is not set; the proof creates tables for a moment.';
    throw new CutoverError('model.proof-failed', { where: `region ${target.region}`, detail });
  }
  const prefix = `${target.prefix}cutover-proof-`;
  const clients = awsClients(target);
  try {
    context.progress({ step: '4. Prove the model on DynamoDB' });
    const samples = await readSamples(context, contract, prefix);
    await createProofTables(clients.dynamodb, contract, prefix);
    let done = 0;
    for (const table of contract.tables) {
      const items = table.entities.flatMap((entity) => samples.get(entity.source_table) ?? []);
      await putSamples(clients.dynamodb, prefix + table.table, items, context.signal);
      done += items.length;
      context.progress({ step: '4. Prove the model on DynamoDB', done, unit: 'items' });
    }
    const metered = await metersBySize(clients.dynamodb, contract, prefix);
    return report(await proveAccesses(clients.dynamodb, contract, prefix, samples), metered);
  } finally {
    try {
      await removeProofTables(clients.dynamodb, prefix);
    } finally {
      clients.dynamodb.destroy();
      clients.cloudformation.destroy();
      clients.cloudwatch.destroy();
    }
  }
}

async function readSamples(
  context: StageContext,
  contract: MigrationContract,
  prefix: string,
): Promise<ReadonlyMap<string, readonly Item[]>> {
  const options = await sourceConnection(context.plan.source, (reference) => context.secret(reference));
  const connection = await connectSource(options);
  try {
    await connection.query('SET SESSION TRANSACTION READ ONLY');
    return await sampleItems(connection, contract, storeModel(contract, prefix));
  } finally {
    await connection.end();
  }
}

function report(proven: readonly ProvenAccess[], metered: boolean): CheckResult[] {
  const tried = proven.filter(({ found }) => found !== null);
  return [
    result(
      'S2-R6',
      'Every key access of a pattern finds the sampled rows on a real DynamoDB endpoint',
      tried.map((one) => ({ ok: one.found === true, name: `${one.pattern}: ${one.access} gave ${one.items} items` })),
    ),
    result(
      'S2-R7',
      metered
        ? 'Consumed capacity is what was computed, within a tenth'
        : 'Consumed capacity: not compared, because this endpoint does not meter by item size',
      (metered ? tried : []).map((one) => ({
        ok: Math.abs(one.consumed - one.computed) <= TOLERANCE * one.computed,
        name: `${one.pattern}: ${one.access} consumed ${one.consumed}, computed ${one.computed}`,
      })),
    ),
  ];
}
