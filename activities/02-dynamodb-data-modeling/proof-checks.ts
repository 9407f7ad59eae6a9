import { createHash } from 'node:crypto';
import { CutoverError } from '../../core/errors/index.ts';
import type { Analysis } from '../../core/analysis.ts';
import type { CheckResult } from '../../core/artifacts.ts';
import type { StageContext } from '../../core/stage.ts';
import type { MigrationContract } from '../../contract/types.ts';
import { awsClients, type AwsClients } from '../aws.ts';
import { connectSource, sourceConnection } from '../mysql.ts';
import { result } from './checks.ts';
import type { PatternCost } from './evaluate.ts';
import { prove, type PatternProof } from './proof.ts';
import { prepareSession } from './proof-session.ts';
import { createProofTables, metersBySize, removeProofTables } from './proof-tables.ts';

/** Measured and computed units may differ by a tenth: number sizes are approximate in DynamoDB's own rules. */
export const TOLERANCE = 0.1;

const STEP = '4. Prove the model on DynamoDB';

/**
 * Name before the proof's tables: the same for every attempt of this stage of this migration, so that what a killed
 * attempt left is found by the next, and another's for every other migration, so that none removes what is in use.
 */
export function proofPrefix({ migration, plan }: Pick<StageContext, 'migration' | 'plan'>): string {
  const name = createHash('sha256').update(`${migration}/02-dynamodb-data-modeling`).digest('hex').slice(0, 8);
  return `${plan.target.prefix}cutover-proof-${name}-`;
}

/** Tries the model on a real endpoint, in tables of its own that are removed again, and reports what was found. */
export async function proofChecks(
  context: StageContext,
  contract: MigrationContract,
  analysis: Analysis,
  patterns: readonly PatternCost[],
): Promise<CheckResult[]> {
  const { target } = context.plan;
  if (target.endpoint === undefined && target.allowProduction !== true) {
    const detail =
      'The target is AWS itself, and target.allowProduction is not set; the proof creates tables for a moment.';
    throw new CutoverError('model.proof-failed', { where: `region ${target.region}`, detail });
  }
  const prefix = proofPrefix(context);
  return withClients(context, async ({ dynamodb }) => {
    try {
      context.progress({ step: STEP });
      await createProofTables(dynamodb, contract, prefix);
      const metered = await metersBySize(dynamodb, contract, prefix);
      const options = await sourceConnection(context.plan.source, (reference) => context.secret(reference));
      const connection = await connectSource(options);
      try {
        await prepareSession(connection);
        const total = patterns.length;
        const proven = await prove({
          ...{ connection, dynamodb, prefix, contract, analysis, patterns, measureWrites: metered },
          database: context.plan.source.database,
          signal: context.signal,
          progress: (done) => context.progress({ step: STEP, done, total, unit: 'patterns' }),
        });
        for (const one of proven) {
          if (one.outcome === 'not compared') context.log.info('Not compared', { pattern: one.id, why: one.why });
        }
        return proofResults(proven, metered);
      } finally {
        await connection.end();
      }
    } finally {
      await removeProofTables(dynamodb, prefix);
    }
  });
}

/**
 * Removes the tables of a proof that was killed; nothing is there in any other case. A target that does not answer
 * must not keep a rollback from ending: then only the log says that nobody could look.
 */
export async function removeProof(context: StageContext): Promise<void> {
  const { endpoint, allowProduction } = context.plan.target;
  if (endpoint === undefined && allowProduction !== true) return;
  const prefix = proofPrefix(context);
  try {
    await withClients(context, ({ dynamodb }) => removeProofTables(dynamodb, prefix));
  } catch (error) {
    const reason = error instanceof Error ? error.name : 'unknown';
    context.log.warn('Could not look for tables that a killed proof may have left', { prefix, reason });
  }
}

async function withClients<T>(context: StageContext, work: (clients: AwsClients) => Promise<T>): Promise<T> {
  const clients = awsClients(context.plan.target);
  try {
    return await work(clients);
  } finally {
    clients.dynamodb.destroy();
    clients.cloudformation.destroy();
    clients.cloudwatch.destroy();
  }
}

const CHARGES = {
  'as a read': 'as a read, where DynamoDB charges a write, and is held to its own rule',
  unknown: 'by no rule that is known, and checks are left out',
} as const;

/** The two checks of the proof, with what could not be compared in their titles. */
export function proofResults(proven: readonly PatternProof[], metered: boolean): CheckResult[] {
  const compared = proven.filter(({ outcome }) => outcome !== 'not compared');
  const found = compared.filter(({ rows }) => rows > 0).length;
  const reading = proven.filter(({ items }) => items > 0);
  const left = proven.length - compared.length;
  const writes = proven.flatMap(({ write }) => write ?? []);
  const measured = writes.filter(({ outcome }) => outcome === 'measured');
  const charge = writes[0]?.checksCharged ?? 'as a write';
  const otherwise = charge === 'as a write' ? '' : `; this endpoint charges a ConditionCheck ${CHARGES[charge]}`;
  return [
    result(
      'S2-R6',
      `Access patterns give on a real DynamoDB endpoint what MySQL gives (${found} of ${compared.length} with rows; ${left} not compared: they read nothing, or can't be asked of a sample)`,
      compared.map((one) => ({ ok: one.outcome === 'equal', name: `${one.id}: ${one.why}` })),
    ),
    result(
      'S2-R7',
      metered
        ? `Consumed capacity is what was computed, within a tenth (${reading.length} patterns that read, ${measured.length} that write; ${writes.length - measured.length} writes not executed${otherwise})`
        : 'Consumed capacity: not compared, because this endpoint does not meter by item size',
      (metered ? [...reading, ...measured] : []).map((one) => ({
        ok: isNear(one),
        name: `${one.id}: ${one.outcome === 'measured' ? 'write' : 'read'} units consumed ${one.consumed}, computed ${one.computed}`,
      })),
    ),
  ];
}

/** Whether an endpoint consumed what was computed. */
export function isNear({ consumed, computed }: { readonly consumed: number; readonly computed: number }): boolean {
  return Math.abs(consumed - computed) <= TOLERANCE * computed;
}
