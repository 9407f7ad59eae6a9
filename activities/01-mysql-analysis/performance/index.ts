import path from 'node:path';
import type { CheckResult } from '../../../core/artifacts.ts';
import type { StageContext } from '../../../core/stage.ts';
import { openSource } from '../source.ts';
import { STEPS } from '../steps.ts';
import { requireDigests, sampleDigests } from './digest-samples.ts';
import { analyseFile, type LogAnalysis } from './log-facts.ts';
import { requireLog } from './log-file.ts';
import { requirePython } from './python.ts';

/** What the plan says is measured can be: the log is there, or the server counts. Nothing where it says nothing. */
export async function requireMeasurement(context: StageContext): Promise<CheckResult[]> {
  const { queryLog, statementDigests } = context.plan.source;
  if (queryLog !== undefined) {
    await requireLog(queryLog);
    await requirePython();
    return [passed('The query log is readable and of the format that the plan says')];
  }
  if (statementDigests === undefined) return [];
  const reader = await openSource(context.plan.source, (reference) => context.secret(reference));
  await requireDigests(reader).finally(() => reader.close());
  await requirePython();
  return [passed("The server's counters of statements can be read")];
}

/** Rates, latencies and rows of the statements, from the log or the server's counters; nothing where neither is given. */
export async function measure(context: StageContext, workFolder: string): Promise<LogAnalysis | undefined> {
  const { queryLog, statementDigests } = context.plan.source;
  if (queryLog !== undefined) return analyseFile(queryLog, workFolder, context.signal);
  if (statementDigests === undefined) return undefined;
  const { seconds } = statementDigests;
  const file = path.join(workFolder, 'statement-digests.jsonl');
  const reader = await openSource(context.plan.source, (reference) => context.secret(reference));
  const progress = (done: number): void => {
    context.progress({ step: STEPS.log, done, total: seconds, unit: 'seconds' });
  };
  await sampleDigests(reader, file, { seconds, signal: context.signal, progress }).finally(() => reader.close());
  return analyseFile({ path: file, format: 'digest' }, workFolder, context.signal);
}

function passed(title: string): CheckResult {
  return { id: 'S1-R3', title, passed: 1, total: 1, failures: [] };
}
