import type { MigrationContract } from '../../../contract/types.ts';
import { tail, type WorkTree } from '../../application/index.ts';
import { buildAndLint } from '../build.ts';
import { onTables } from '../tests/drive.ts';
import { onMysql, runTests, type TestBench, type TestRun, testPath } from '../tests/index.ts';

/** The tests of a method that was just written, and those of its aggregate that were green before. */
export interface Wanted {
  readonly aggregate: string;
  readonly tests: readonly string[];
}

/** Builds, lints and tests on both stores, on fresh tables; gives what is wrong, and the run on DynamoDB. */
export async function verifyMethod(
  bench: TestBench,
  tree: WorkTree,
  contract: MigrationContract,
  wanted: Wanted,
): Promise<{ readonly refusal: string | undefined; readonly dynamo?: TestRun }> {
  const { context } = bench;
  const red = await buildAndLint(context, tree);
  if (red.length > 0) return { refusal: `With it the application does not build or lint: ${red.join('\n')}` };
  const files = [testPath(bench, wanted.aggregate)];
  await bench.session.scratch.restore();
  const dynamo = await onTables(bench, context, contract, files);
  const mysql = await runTests(bench, files, onMysql(bench));
  const failing = wanted.tests.filter((name) => dynamo.results.get(name) !== true || mysql.results.get(name) !== true);
  if (failing.length === 0) return { refusal: undefined, dynamo };
  const count = `${failing.length} of ${wanted.tests.length} generated tests fail with it`;
  return { refusal: `${count}: ${failing.join('; ')}\n${tail(dynamo.output, 40, 2000)}` };
}
