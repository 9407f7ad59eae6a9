import type { Analysis } from '../../core/analysis.ts';
import { CutoverError } from '../../core/errors/index.ts';
import { type HandFile, handMethods } from '../generated/by-hand.ts';
import { buildAndLint } from './build.ts';
import { compileLayer } from './compile/index.ts';
import { type Coverage, coverageOf, methodName } from './coverage.ts';
import { type AttemptRecord, delegate, type Implementation, withdraw, type Workplace } from './executor/delegate.ts';
import { writers } from './executor/records.ts';
import { implement } from './implement.ts';
import { type Proof, proofChecks, prove } from './proof.ts';
import { runOnOthers, testFirst } from './tests/drive.ts';
import { generateTests } from './tests/index.ts';
import { type GeneratedTestsRecord, recordOf } from './tests/record.ts';

/** What stands on the branch, and what was found when it was made. */
export interface Made {
  readonly coverage: Coverage;
  readonly commits: readonly string[];
  readonly generated: GeneratedTestsRecord;
  readonly proof: Proof;
  /** Runs of the executor; empty where none was needed or none is named. */
  readonly attempts: readonly AttemptRecord[];
}

/** Compiles, implements test first, lets the executor write what is refused, and proves the whole. */
export async function make(place: Workplace, files: readonly HandFile[], analysis: Analysis): Promise<Made> {
  const { bench, tree, layer, contract, settings } = place;
  const { context } = bench;
  const byHand = handMethods(layer, files);
  context.progress({ step: 'Compile every method' });
  const compiled = await compileLayer(layer, contract, byHand);
  const tests = await generateTests(bench, layer, compiled.methods, settings !== undefined);
  let commits: string[] = [];
  const runs = await testFirst(bench, contract, tests, async (steps) => {
    commits = await implement(context, tree, layer, compiled, files, { ...steps, folder: bench.framework.folder });
  });
  context.progress({ step: 'Build and lint' });
  const failures = await buildAndLint(context, tree);
  if (failures.length > 0) {
    throw new CutoverError('compile.application-red', { where: tree.application, detail: failures.join('\n') });
  }
  const { made, attempts, others, proof } = await completed(place, analysis, {
    compiled,
    byHand,
    tests,
    runs,
    commits,
  });
  const known = await writers(context, files);
  const coverage = coverageOf(made.compiled.methods, layer, analysis, {
    writtenBy: new Map(made.byHand.map((each) => [methodName(each), known.get(each.path) ?? 'executor'])),
    attempts: new Map(attempts.map(({ method, reason }) => [method, reason])),
  });
  const generated = recordOf(bench.framework, made.tests, { ...made.runs, ...others });
  return { coverage, commits: made.commits, generated, proof, attempts };
}

/**
 * With the executor's methods, where they are proved. What passes its tests and then fails the proof is taken back,
 * unless other methods still throw: then nobody can tell whose fault it is, and the stage's checks stop it anyway.
 */
async function completed(place: Workplace, analysis: Analysis, before: Implementation) {
  const { bench, tree, layer, contract, settings } = place;
  const { context } = bench;
  const refused = coverageOf(before.compiled.methods, layer, analysis).methods.filter(isRefused);
  let delegation =
    settings === undefined || refused.length === 0
      ? undefined
      : await delegate({ ...place, settings }, refused, before);
  const others = await runOnOthers(bench, contract, delegation?.after.tests ?? before.tests);
  let proof = await prove(context, contract, tree.application);
  const wrong = proofChecks(proof).filter(({ passed, total }) => passed < total);
  if (
    settings !== undefined &&
    delegation?.attempts.some(({ accepted }) => accepted) === true &&
    !delegation.after.compiled.methods.some(isRefused) &&
    wrong.length > 0
  ) {
    const found = wrong.map(({ title, failures }) => `${title}: no. ${failures.slice(0, 2).join('; ')}`).join('\n');
    delegation = await withdraw({ ...place, settings }, delegation, `It passed its tests, and then: ${found}`);
    proof = await prove(context, contract, tree.application);
  }
  return { made: delegation?.after ?? before, attempts: delegation?.attempts ?? [], others, proof };
}

function isRefused({ status }: { readonly status: string }): boolean {
  return status === 'refused';
}
