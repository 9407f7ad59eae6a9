import fc from 'fast-check';
import type { DataAccessMethod } from '../../../core/data-access.ts';
import type { Tagged } from '../tests/values.ts';
import { compareCall } from './compare.ts';
import type { CounterExample, MethodCases } from './record.ts';
import { seedFor } from './seeds.ts';
import type { ServedLayer, Step } from './served.ts';

/** Calls that are made to make a counter-example smaller. */
const SHRINKING = 80;

/** Calls run beside each other in one process: each transaction has a name of its own. */
let units = 0;

/** A write that succeeded and was undone: worth doing for good. */
export interface Success {
  readonly method: DataAccessMethod;
  readonly input: Tagged;
}

/** What the cases of one method came to. */
export interface Driven {
  readonly cases: MethodCases;
  readonly counterExample: CounterExample | undefined;
  readonly successes: readonly Success[];
}

/** Makes generated calls of one method on both stores, each write undone; stops at the first difference and makes it small. */
export async function driveMethod(
  method: DataAccessMethod,
  inputs: fc.Arbitrary<Tagged>,
  layers: { readonly mysql: ServedLayer; readonly dynamodb: ServedLayer },
  settings: { readonly seed: number; readonly cases: number; readonly signal: AbortSignal },
): Promise<Driven> {
  const name = `${method.aggregate}.${method.name}`;
  const counts = { cases: 0, telling: 0, unsteady: 0, unjudged: 0 };
  const successes: Success[] = [];
  const transaction = method.kind === 'write' || locks(method) ? fc.constant(true) : fc.boolean();
  let counterExample: CounterExample | undefined;
  let shrinking = 0;
  let broken: { readonly error: unknown } | undefined;
  const property = fc.asyncProperty(inputs, transaction, async (input, inTransaction) => {
    if (broken !== undefined || shrinking > SHRINKING) return true;
    if (counterExample === undefined) counts.cases += 1;
    else shrinking += 1;
    try {
      settings.signal.throwIfAborted();
      const steps = stepsOf(method, input, inTransaction);
      const at = inTransaction ? 1 : 0;
      const verdict = await compareCall({ method, input, steps, at }, layers.mysql, layers.dynamodb);
      if (verdict.kind === 'different') {
        const { sql, mysql, dynamodb } = verdict;
        counterExample = { method: name, input, sql, mysql, dynamodb };
        return false;
      }
      if (verdict.kind !== 'equal') {
        counts[verdict.kind] += 1;
        return true;
      }
      const found = (verdict.answer.rows?.length ?? verdict.answer.affectedRows ?? 0) > 0;
      if (found && counterExample === undefined) counts.telling += 1;
      if (found && method.kind === 'write') successes.push({ method, input });
      return true;
    } catch (error) {
      broken = { error };
      return true;
    }
  });
  await fc.check(property, { seed: seedFor(settings.seed, name), numRuns: settings.cases });
  if (broken !== undefined) throw broken.error;
  return { cases: { method: name, ...counts }, counterExample, successes };
}

/** A call by itself, or in a transaction that is rolled back. */
export function stepsOf(
  { aggregate, name }: DataAccessMethod,
  input: Tagged,
  transaction: boolean,
  end: 'commit' | 'rollback' = 'rollback',
): Step[] {
  const call = { step: 'call', aggregate, method: name, input } as const;
  if (!transaction) return [call];
  const unit = `unit-${(units += 1)}`;
  return [
    { step: 'begin', unit },
    { ...call, unit },
    { step: end, unit },
    { step: 'release', unit },
  ];
}

function locks({ template }: DataAccessMethod): boolean {
  return template.parts.some(
    (part) => part.kind === 'text' && /\bFOR\s+(UPDATE|SHARE)\b|\bLOCK\s+IN\b/i.test(part.text),
  );
}
