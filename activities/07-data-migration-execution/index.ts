import type { ArtifactReference, CheckResult } from '../../core/artifacts.ts';
import type { GateQuestion, Stage, StageContext } from '../../core/stage.ts';
import { backToPhaseOne, currentPhase } from '../flags/back-to-phase-one.ts';
import { identifier } from '../mysql.ts';
import { dropViews, removeLoadedItems } from './compensate.ts';
import { setCounters } from './counters.ts';
import { loadEntity, type EntityProgress, NOTHING_LOADED, type Reject } from './load/load-entity.ts';
import { repair } from './load/repair.ts';
import { completionMarkdown, type LoadReport, validationMarkdown, validationReport } from './reports.ts';
import { missingColumns, requireReady, type Session, tablesNotReady, withSession } from './session.ts';
import type { Difference } from './validate/compare.ts';
import { type DifferencePlace, validateAll } from './validate/validate.ts';
import { CutoverError } from '../../core/errors/index.ts';

/** What a new attempt goes on from. */
interface Checkpoint {
  readonly entities: Readonly<Record<string, EntityProgress>>;
  readonly rejects: readonly Reject[];
}

/** Rejects named in full; beyond it only their number grows, so that the checkpoint stays small. */
const NAMED_REJECTS = 1000;
/** Differences that the report names; all of them are counted. */
const NAMED_DIFFERENCES = 100_000;

/** 07-data-migration-execution: moves the rows behind views, then proves that they arrived. */
export const stage: Stage = {
  id: '07-data-migration-execution',
  preflight: (context) => withSession(context, (session) => preflight(context, session)),
  execute: (context) => withSession(context, (session) => execute(context, session)),
  verify: (context) => withSession(context, (session) => verify(context, session)),
  gates,
  compensate: (context) => withSession(context, (session) => compensate(context, session)),
};

async function preflight(context: StageContext, session: Session): Promise<CheckResult[]> {
  const { database } = context.plan.source;
  await requireReady(session, database);
  await requireMysqlWrites(context);
  const attributes = session.views.reduce((sum, { entity }) => sum + entity.attributes.length, 0);
  return [
    check('S7-R1', 'Every mapped column is in the source', attributes, await missingColumns(session, database)),
    check(
      'S7-R2',
      'Every table of the contract is deployed',
      session.contract.tables.length,
      await tablesNotReady(session),
    ),
  ];
}

async function execute(context: StageContext, session: Session): Promise<ArtifactReference[]> {
  const { database } = context.plan.source;
  await requireReady(session, database);
  await requireMysqlWrites(context);
  await createViews(context, session);
  const load = await loadAll(context, session);
  const { report, differences, repaired } = await compareAndRepair(context, session);
  context.progress({ step: 'Write the reports' });
  const write = (name: string, content: string, version = 0) =>
    context.artifacts.write(`stage-07/${name}`, content, version);
  return [
    await write('views.sql', session.views.map(({ create }) => `${create};\n`).join('\n')),
    await write('load_report.json', json({ ...load.report, repaired }), 1),
    await write('rejects.jsonl', load.rejects.map((reject) => `${JSON.stringify(reject)}\n`).join('')),
    await write('differences.jsonl', differences.map((difference) => `${JSON.stringify(difference)}\n`).join('')),
    await write('validation_report.json', json(report), 1),
    await write('validation_report.md', validationMarkdown(report)),
    await write('completion_report.md', completionMarkdown({ ...load.report, repaired }, report, session.views)),
  ];
}

/** In phase 5 the rows of MySQL are history: loading them would bring back what the application has deleted since. */
async function requireMysqlWrites(context: StageContext): Promise<void> {
  if ((await currentPhase(context)) !== 5) return;
  throw new CutoverError('flags.phase-final', {
    where: `flags of ${context.plan.target.prefix}`,
    detail: 'The phase is 5.',
  });
}

async function createViews(context: StageContext, session: Session): Promise<void> {
  context.progress({ step: 'Create the views', done: 0, total: session.views.length, unit: 'views' });
  for (const [position, view] of session.views.entries()) {
    try {
      await session.connection.query(view.create);
    } catch (cause) {
      throw new CutoverError('data.view-failed', {
        where: `view ${view.name}`,
        detail: cause instanceof Error ? cause.message : String(cause),
        cause,
      });
    }
    context.progress({ step: 'Create the views', done: position + 1, total: session.views.length, unit: 'views' });
  }
}

async function loadAll(
  context: StageContext,
  session: Session,
): Promise<{ report: LoadReport; rejects: readonly Reject[] }> {
  let checkpoint: Checkpoint = (await context.checkpoint.load<Checkpoint>()) ?? { entities: {}, rejects: [] };
  const total = await countRows(session);
  for (const view of session.views) {
    const table = view.entity.source_table;
    const entity = session.model.entities[table];
    if (entity === undefined) throw new RangeError(`The store model has no entity ${table}.`);
    await loadEntity({
      connection: session.connection,
      client: session.client,
      model: session.model,
      entity,
      view: view.name,
      key: session.keyColumns(view.entity),
      from: checkpoint.entities[table] ?? NOTHING_LOADED,
      signal: context.signal,
      onPage: async (progress, rejects) => {
        checkpoint = {
          entities: { ...checkpoint.entities, [table]: progress },
          rejects: [...checkpoint.rejects, ...rejects].slice(0, NAMED_REJECTS),
        };
        await context.checkpoint.save(checkpoint);
        const done = Object.values(checkpoint.entities).reduce((sum, { read }) => sum + read, 0);
        context.progress({ step: 'Load the rows', done, total: Math.max(total, done), unit: 'rows' });
      },
    });
  }
  context.progress({ step: 'Set the id counters' });
  const counters = await setCounters(session, context.plan.source.database);
  const entities = session.views.map(({ entity }) => {
    const { read, written, existed, rejected, guardsWritten } =
      checkpoint.entities[entity.source_table] ?? NOTHING_LOADED;
    const table = session.model.entities[entity.source_table]?.table ?? '';
    return { sourceTable: entity.source_table, table, read, written, existed, rejected, guardsWritten };
  });
  return {
    report: { schemaVersion: 1, engine: 'embedded', entities, counters, repaired: 0 },
    rejects: checkpoint.rejects,
  };
}

/** Rows of all views together, for progress. */
async function countRows(session: Session): Promise<number> {
  let total = 0;
  for (const { name } of session.views) {
    const [rows] = await session.connection.query(`SELECT COUNT(*) AS n FROM ${identifier(name)}`);
    total += Number((rows as { n: number | string }[])[0]?.n ?? 0);
  }
  return total;
}

/** Compares, mends what changed since it was loaded, and compares again when something was mended. */
async function compareAndRepair(context: StageContext, session: Session) {
  const first = await compare(context, session);
  let repaired = 0;
  context.progress({ step: 'Mend what changed since', done: 0, total: first.places.length, unit: 'items' });
  for (const place of first.places) if (await repair(session, place, context.signal)) repaired++;
  return repaired === 0 ? { ...first, repaired } : { ...(await compare(context, session)), repaired };
}

async function compare(context: StageContext, session: Session) {
  const differences: Difference[] = [];
  const places: DifferencePlace[] = [];
  const total = await countRows(session);
  let done = 0;
  const entities = await validateAll({
    ...session,
    signal: context.signal,
    onRows: (_, rows) => {
      done += rows;
      context.progress({ step: 'Compare both ways', done, total: Math.max(total, done), unit: 'rows' });
    },
    onDifference: (difference, place) => {
      if (differences.length >= NAMED_DIFFERENCES) return;
      differences.push(difference);
      places.push(place);
    },
  });
  return { report: validationReport(entities, differences), differences, places };
}

/** Compares once more, from nothing: what execute wrote down is not evidence. */
async function verify(context: StageContext, session: Session): Promise<CheckResult[]> {
  const { report, differences } = await compare(context, session);
  const { totals } = report;
  const named = (kind: Difference['kind']): string[] =>
    differences.filter((difference) => difference.kind === kind).map(({ table, key }) => `${table}: ${key}`);
  const countsWrong = report.entities
    .filter(({ rows, items }) => rows !== items)
    .map((entity) => `${entity.sourceTable}: ${entity.rows} rows, ${entity.items} items`);
  const guards = report.entities.reduce((sum, { guardsExpected }) => sum + guardsExpected, 0);
  return [
    { ...check('S7-R3', 'As many items as rows, in every table', report.entities.length, countsWrong) },
    counted(
      'S7-R4',
      'Every row has its item, every unique value its guard',
      totals.rows + guards,
      totals.missing,
      named('missing'),
    ),
    counted('S7-R5', 'Every item is what its row says', totals.rows, totals.different, named('different')),
    counted('S7-R6', 'Every item has its row', totals.items, totals.extra, named('extra')),
  ];
}

async function gates(context: StageContext): Promise<GateQuestion[]> {
  return [
    {
      id: `${stage.id}/completion`,
      question: `The data of ${context.plan.source.database} is in DynamoDB and equal. Is the migration of the data accepted?`,
      evidence: ['stage-07/validation_report.md', 'stage-07/completion_report.md'],
    },
  ];
}

async function compensate(context: StageContext, session: Session): Promise<void> {
  // In phases 2 to 4 the application works with these items.
  await backToPhaseOne(context);
  await dropViews(session, context.plan.source.database, context.migration);
  await removeLoadedItems(session, context.signal);
  await context.checkpoint.clear();
  await context.artifacts.removeBelow('stage-07');
}

function check(id: string, title: string, total: number, failures: readonly string[]): CheckResult {
  return { id, title, passed: Math.max(0, total - failures.length), total, failures: failures.slice(0, 10) };
}

function counted(id: string, title: string, total: number, failed: number, failures: readonly string[]): CheckResult {
  return { id, title, passed: total - failed, total, failures: failures.slice(0, 10) };
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
