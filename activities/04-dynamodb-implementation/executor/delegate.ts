import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { MigrationContract } from '../../../contract/types.ts';
import type { DataAccessLayer } from '../../../core/data-access.ts';
import type { ExecutorSettings } from '../../../core/plan.ts';
import { commitStep, type WorkTree } from '../../application/index.ts';
import type { HandMethod } from '../../generated/by-hand.ts';
import { withRehearsal } from '../../rehearsal/rehearsal.ts';
import { type CompiledLayer, compileLayer } from '../compile/index.ts';
import { type CoveredMethod, methodName } from '../coverage.ts';
import { formatted, write } from '../implement.ts';
import type { FirstRuns } from '../tests/drive.ts';
import { type GeneratedTests, onDynamo, type TestBench, testPath, withoutTestsOf, writeTests } from '../tests/index.ts';
import { type Attempt, attempt } from './attempt.ts';
import { putBack, type Standing, standing } from './changes.ts';
import { finished, remember, started } from './records.ts';
import { contractPart, type ExecutorTask, skeleton, taskFile } from './task.ts';
import { verifyMethod } from './verify-method.ts';

/** What stands on the branch, and what is known of it, before the executor is asked or after. */
export interface Implementation {
  readonly compiled: CompiledLayer;
  readonly byHand: readonly HandMethod[];
  readonly tests: GeneratedTests;
  readonly runs: FirstRuns;
  readonly commits: readonly string[];
}

/** One line of `stage-04/executor.json`. */
export interface AttemptRecord extends Omit<Attempt, 'refusal'> {
  readonly method: string;
  readonly accepted: boolean;
  /** Why it was refused; empty when it was accepted. */
  readonly reason: string;
}

/** What asking the executor came to. */
export interface Delegation {
  readonly before: Implementation;
  readonly standing: Standing;
  readonly after: Implementation;
  readonly attempts: readonly AttemptRecord[];
}

/** Everything that is the same for all methods. */
export interface Workplace {
  readonly bench: TestBench;
  readonly tree: WorkTree;
  readonly layer: DataAccessLayer;
  readonly contract: MigrationContract;
  readonly settings: ExecutorSettings | undefined;
}

type WithExecutor = Workplace & { readonly settings: ExecutorSettings };

/** Gives every refused method to the executor, one after the other; what passes verification is committed. */
export async function delegate(
  place: WithExecutor,
  refused: readonly CoveredMethod[],
  before: Implementation,
): Promise<Delegation> {
  const { bench, tree } = place;
  const start = await standing(tree);
  let after = before;
  const attempts: AttemptRecord[] = [];
  for (const [done, method] of refused.entries()) {
    bench.context.progress({ step: `The executor writes ${methodName(method)}`, done, total: refused.length, unit: 'methods' }); // prettier-ignore
    const own = before.tests.cases.filter(
      ({ call }) => call.aggregate === method.aggregate && call.method === method.name,
    );
    if (own.length === 0) {
      const reason = 'It was not asked: no recorded call became a test, so nothing would tell a right answer from a wrong one. Let the traffic call the method.'; // prettier-ignore
      attempts.push({ method: methodName(method), accepted: false, reason, exitCode: null, milliseconds: 0, output: '' }); // prettier-ignore
      continue;
    }
    const { record, implementation } = await one(place, method, after);
    attempts.push(record);
    after = implementation ?? after;
  }
  return { before, standing: start, after: await withoutRefused(place, after), attempts };
}

/** Takes everything back that the executor wrote in this run: it passed its tests, and not the proof. */
export async function withdraw(place: Workplace, delegation: Delegation, reason: string): Promise<Delegation> {
  await putBack(place.tree, delegation.standing);
  return {
    ...delegation,
    after: await withoutRefused(place, delegation.before),
    attempts: delegation.attempts.map((each) => (each.accepted ? { ...each, accepted: false, reason } : each)),
  };
}

async function one(
  place: WithExecutor,
  method: CoveredMethod,
  now: Implementation,
): Promise<{ record: AttemptRecord; implementation?: Implementation }> {
  const { bench, tree, layer, contract, settings } = place;
  const { context } = bench;
  const before = await standing(tree);
  const file = taskFile(layer, method);
  await started(context, file);
  const tried = await withRehearsal(context, contract, async (rehearsal) => {
    await rehearsal.load();
    return attempt(bench, tree, settings, await taskOf(place, method, now, file, rehearsal.environment));
  });
  const { refusal, ...run } = tried;
  const outcome = refusal === undefined ? await take(place, method, now, file) : { reason: refusal };
  if ('reason' in outcome) await putBack(tree, before);
  else await remember(context, layer, file, await readFile(path.join(tree.application, file), 'utf8'));
  await finished(context);
  const name = methodName(method);
  if ('reason' in outcome) return { record: { method: name, accepted: false, reason: outcome.reason, ...run } };
  return {
    record: { method: name, accepted: true, reason: '', ...run },
    implementation: outcome.implementation,
  };
}

/** Lets the aggregate take its method from the file, verifies, and commits. */
async function take(
  place: Workplace,
  method: CoveredMethod,
  now: Implementation,
  file: string,
): Promise<{ readonly reason: string } | { readonly implementation: Implementation }> {
  const { bench, tree, layer, contract } = place;
  const { aggregate, name } = method;
  const byHand = [...now.byHand, { aggregate, name, path: `${aggregate}/${path.basename(file)}` }];
  const compiled = await compileLayer(layer, contract, byHand);
  const target = path.join(tree.application, layer.folder, 'dynamodb');
  // All of them: what aggregates share may differ with what one of them needs.
  for (const each of compiled.files) await write(target, each, bench.framework.language);
  const format = await formatted(bench.context, tree.application, path.join(layer.folder, 'dynamodb')).catch(
    (error: unknown) => String(error),
  );
  if (typeof format === 'string') return { reason: `It can not be formatted: ${format}` };
  const { refusal, dynamo } = await verifyMethod(bench, tree, contract, {
    aggregate,
    tests: wantedTests(now, method),
  });
  if (refusal !== undefined) return { reason: refusal };
  const message = `Take ${methodName(method)} as the executor wrote it`;
  await commitStep(tree, message);
  const green = new Map(now.runs.green);
  if (dynamo !== undefined) green.set(aggregate, dynamo);
  return {
    implementation: { ...now, compiled, byHand, runs: { ...now.runs, green }, commits: [...now.commits, message] },
  };
}

/** Its own tests, and those of its aggregate that were green before. */
function wantedTests(now: Implementation, { aggregate, name }: CoveredMethod): string[] {
  const run = now.runs.green.get(aggregate);
  return now.tests.cases
    .filter(({ call }) => call.aggregate === aggregate)
    .filter((each) => each.call.method === name || run?.results.get(each.name) === true)
    .map((each) => each.name);
}

/** Takes tests off the branch whose methods nobody wrote. */
async function withoutRefused(place: Workplace, now: Implementation): Promise<Implementation> {
  const { bench, tree, layer } = place;
  const refused = new Set(now.compiled.methods.filter(({ status }) => status === 'refused').map(methodName));
  const tests = withoutTestsOf(bench, layer, now.tests, refused);
  if (tests.cases.length === now.tests.cases.length) return now;
  await writeTests(bench, tests, now.tests);
  await formatted(bench.context, tree.application, bench.framework.folder);
  const message = 'Take off the tests of methods that are refused';
  await commitStep(tree, message);
  return { ...now, tests, commits: [...now.commits, message] };
}

async function taskOf(
  place: Workplace,
  method: CoveredMethod,
  now: Implementation,
  file: string,
  tables: Readonly<Record<string, string>>,
): Promise<ExecutorTask> {
  const { bench, tree, layer, contract } = place;
  const { aggregate, name, sql, callSites, reason, help } = method;
  const own = layer.methods.find((each) => each.aggregate === aggregate && each.name === name);
  const end = path.extname(file);
  const interfaceFile = `${layer.folder}/${aggregate}${end}`;
  const { environment } = bench.session.settings.server;
  const given = onDynamo(bench, tables);
  // Of the application's own variables some may be secrets, and its database is out of reach anyway.
  for (const variable of Object.keys(environment ?? {})) delete given[variable];
  return {
    schemaVersion: 1,
    aggregate,
    method: name,
    kind: own?.kind ?? 'read',
    inputs: own?.inputs ?? [],
    sql,
    callSites,
    reason,
    help,
    file,
    skeleton: await skeleton(layer, method),
    interface: {
      file: interfaceFile,
      text: await readFile(path.join(tree.application, interfaceFile), 'utf8').catch(() => ''),
    },
    contract: contractPart(contract, method),
    tests: {
      file: testPath(bench, aggregate),
      cases: now.tests.cases.filter(({ call }) => call.aggregate === aggregate && call.method === name),
      command: bench.framework.script,
      environment: given,
    },
  };
}
