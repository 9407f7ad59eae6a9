import type { Analysis } from '../../core/analysis.ts';
import type { ArtifactReference } from '../../core/artifacts.ts';
import type { GateQuestion, Stage, StageContext } from '../../core/stage.ts';
import { analyseDatabase, mergeSources } from './analyse.ts';
import { analyseSources } from './application-source.ts';
import { parseAnalysis, printAnalysis } from './format.ts';
import { measure } from './performance/index.ts';
import { preflight } from './preflight.ts';
import { reports } from './report/index.ts';
import { openSource } from './source.ts';
import { STEPS } from './steps.ts';
import { verify } from './verify/index.ts';

const FOLDER = 'stage-01';

/** 01-mysql-analysis: what the schema, the source and the log say of the application's data. Reads only. */
export const stage: Stage = { id: '01-mysql-analysis', preflight, execute, verify, gates, compensate };

async function execute(context: StageContext): Promise<ArtifactReference[]> {
  const { source, application } = context.plan;
  const reader = await openSource(source, (reference) => context.secret(reference));
  const facts = await analyseDatabase(reader, context).finally(() => reader.close());
  context.progress({ step: STEPS.application });
  const code = await analyseSources(application);
  context.progress({ step: STEPS.log });
  const log = await measure(context, await context.artifacts.workFolder(FOLDER));
  context.progress({ step: STEPS.merge });
  const analysis = mergeSources(source.database, facts, code, log?.facts);
  context.progress({ step: STEPS.artifacts });
  return writeArtifacts(context, analysis, log?.charts ?? new Map());
}

async function writeArtifacts(
  context: StageContext,
  analysis: Analysis,
  charts: ReadonlyMap<string, Uint8Array>,
): Promise<ArtifactReference[]> {
  const json = printAnalysis(analysis);
  const written: ArtifactReference[] = [];
  for (const [name, text] of reports(analysis, [...charts.keys()])) {
    written.push(await context.artifacts.write(`${FOLDER}/${name}`, text));
  }
  for (const [name, bytes] of charts) written.push(await context.artifacts.write(`${FOLDER}/charts/${name}`, bytes));
  written.push(await context.artifacts.write(`${FOLDER}/analysis.json`, json, analysis.schemaVersion));
  return written;
}

/** A person is asked only where the findings say that rows can't be moved as they are. */
async function gates(context: StageContext): Promise<GateQuestion[]> {
  const reference = context.outputs.find((output) => output.name === `${FOLDER}/analysis.json`);
  if (reference === undefined) return [];
  const analysis = parseAnalysis(await context.artifacts.read(reference));
  const stops = analysis.dataFindings.filter((finding) => finding.severity === 'stop');
  const { unresolved } = analysis.application;
  if (stops.length === 0 && unresolved.length === 0) return [];
  return [
    {
      id: '01-mysql-analysis/findings',
      question: 'Go on although some rows or statements need attention before they can be migrated?',
      evidence: [
        ...stops.map((one) => `${one.id} ${one.table} ${one.columns.join(', ')}: ${one.count} × ${one.finding}`),
        ...unresolved.map((one) => `${one.file}:${one.line} ${one.reason}`),
        `all of it: ${FOLDER}/01_4_table_structures.md, ${FOLDER}/01_6_access_patterns.md`,
      ],
    },
  ];
}

async function compensate(context: StageContext): Promise<void> {
  await context.artifacts.removeBelow(FOLDER);
}
