import pLimit from 'p-limit';
import type { Connection } from 'mysql2/promise';
import type { MigrationContract } from '../../../contract/types.ts';
import type { Analysis, TableFacts } from '../../../core/analysis.ts';
import type { DataAccessLayer, DataAccessMethod } from '../../../core/data-access.ts';
import { connectSource, sourceConnection } from '../../mysql.ts';
import { type Rehearsal, withRehearsal } from '../../rehearsal/rehearsal.ts';
import { methodName } from '../coverage.ts';
import { explainedByClock } from '../proof.ts';
import { onDynamo, onMysql, type TestBench } from '../tests/run.ts';
import { type Content, fillTables, type KeyColumns } from './content.ts';
import { type Driven, driveMethod, stepsOf, type Success } from './drive.ts';
import { inputsOf } from './inputs.ts';
import { commitWrite } from './keep.ts';
import { raceWrite } from './race.ts';
import type { CounterExample, Differential } from './record.ts';
import { type ServedLayer, withServedLayer } from './served.ts';

export { type Differential, differentialMarkdown, unequal } from './record.ts';

/** Calls of a method, unless told otherwise. */
const CASES = 25;
/** Writes of a method that are committed, and their rows compared. */
const COMMITTED = 3;
/** Methods whose reads run beside each other. */
const BESIDE = 4;

/** What is to be driven, and how. */
export interface DifferentialSettings {
  readonly contract: MigrationContract;
  readonly layer: DataAccessLayer;
  readonly analysis: Analysis;
  /** `aggregate.method` of those that throw. */
  readonly refused: ReadonlySet<string>;
  readonly seed: number;
  readonly cases?: number;
}

/**
 * Drives every method of the application's data access layer with generated calls on generated rows, on MySQL and on
 * DynamoDB, and compares what they say; then the rows, after everything was undone and after some writes were not.
 */
export async function differentialTest(bench: TestBench, settings: DifferentialSettings): Promise<Differential> {
  const { context, session } = bench;
  const started = Date.now();
  const { source } = context.plan;
  await session.scratch.restore();
  const scratch = { ...source, database: session.scratch.name };
  const connection = await connectSource(await sourceConnection(scratch, (reference) => context.secret(reference)));
  try {
    // Nothing else works on the scratch database: whoever waits for long here waits for ever.
    await connection.query('SET SESSION lock_wait_timeout = 30');
    context.progress({ step: `Differential test, seed ${settings.seed}: fill the tables` });
    const tables = tablesOf(settings);
    const { content, filled } = await fillTables(connection, tables, settings.seed, keyColumns(settings.contract));
    const driven = await withRehearsal(context, settings.contract, async (rehearsal) => {
      await rehearsal.load();
      return withServedLayer(bench, settings.layer, 'mysql', onMysql(bench), (mysql) =>
        withServedLayer(bench, settings.layer, 'dynamodb', onDynamo(bench, rehearsal.environment), (dynamodb) =>
          withServedLayer(bench, settings.layer, 'dynamodb', onDynamo(bench, rehearsal.environment), (other) =>
            drive(bench, settings, { layers: { mysql, dynamodb }, other, rehearsal, connection, tables, content }),
          ),
        ),
      );
    });
    return {
      schemaVersion: 1,
      seed: settings.seed,
      milliseconds: Date.now() - started,
      tables: filled,
      ...driven,
    };
  } finally {
    await connection.end();
    await session.scratch.restore();
  }
}

interface Stores {
  readonly layers: { readonly mysql: ServedLayer; readonly dynamodb: ServedLayer };
  /** A second process on DynamoDB, for transactions that run into each other. */
  readonly other: ServedLayer;
  readonly rehearsal: Rehearsal;
  readonly connection: Connection;
  readonly tables: readonly TableFacts[];
  readonly content: Content;
}

async function drive(
  { context }: TestBench,
  { layer, contract, analysis, refused, seed, cases = CASES }: DifferentialSettings,
  { layers, other, rehearsal, connection, tables, content }: Stores,
): Promise<Pick<Differential, 'methods' | 'notDriven' | 'counterExamples' | 'rows'>> {
  const { signal } = context;
  const notDriven: { method: string; why: string }[] = [];
  const results = new Map<string, Driven>();
  let done = 0;
  const driveOne = async (method: DataAccessMethod): Promise<void> => {
    const name = methodName(method);
    done += 1;
    context.progress({ step: `Differential test, seed ${seed}`, done, total: layer.methods.length, unit: 'methods' });
    if (refused.has(name)) return void notDriven.push({ method: name, why: 'it is refused' });
    const inputs = inputsOf(withColumns(method, analysis), tables, content, keyColumns(contract));
    if (inputs.kind === 'unknown') return void notDriven.push({ method: name, why: inputs.why });
    results.set(name, await driveMethod(method, inputs.arbitrary, layers, { seed, cases, signal }));
  };
  const beside = pLimit(BESIDE);
  await Promise.all(
    layer.methods.filter(({ kind }) => kind === 'read').map((method) => beside(() => driveOne(method))),
  );
  // Writes hold locks until they are undone: one after the other.
  for (const method of layer.methods) if (method.kind === 'write') await driveOne(method);

  const rows: { after: string; difference: string }[] = [];
  const compareRows = async (after: string): Promise<void> => {
    const { differences } = await rehearsal.compare();
    for (const difference of differences.filter((one) => !explainedByClock(contract, one)).slice(0, 3)) {
      const { kind, table, key, attributes } = difference;
      rows.push({ after, difference: `${kind} ${table} ${key} ${attributes.join(', ')}`.trim() });
    }
  };
  await compareRows('every write was undone');
  const counterExamples: CounterExample[] = [...results.values()].flatMap(({ counterExample }) => counterExample ?? []);
  const all = [...results.values()].map(({ successes }) => successes);
  if (rows.length === 0) {
    let committed = 0;
    for (const success of all.flatMap(spread)) {
      signal.throwIfAborted();
      const different = await commitWrite(success, layers, connection, tables);
      if (different !== undefined) counterExamples.push(different);
      committed += 1;
    }
    await compareRows(`${committed} writes were committed`);
  }
  if (rows.length === 0) {
    const raced: string[] = [];
    for (const success of all.flatMap((each) => each.slice(-1)).filter(({ method }) => updates(method))) {
      signal.throwIfAborted();
      const name = methodName(success.method);
      const { committed, codes } = await raceWrite(success, layers.dynamodb, other);
      for (const code of codes.filter((each) => !each.startsWith('ER_'))) {
        rows.push({ after: `two transactions with ${name}`, difference: `one of them threw ${code}` });
      }
      const steps = stepsOf(success.method, success.input, true, 'commit');
      for (let time = 1; time <= committed; time += 1) await layers.mysql.run(steps);
      raced.push(`${name} (${committed} committed)`);
    }
    await compareRows(`two transactions ran into each other: ${raced.join(', ')}`);
  }
  const ordered = layer.methods.map(methodName);
  return {
    methods: ordered.flatMap((name) => results.get(name)?.cases ?? []),
    notDriven,
    counterExamples,
    rows,
  };
}

/** With the columns that stage 1 found for the inputs of a call site; the interface does not keep them. */
function withColumns(method: DataAccessMethod, { application }: Analysis): DataAccessMethod {
  const sites = application.callSites.filter(({ id }) => method.callSites.includes(id));
  const inputs = method.inputs.map((input, position) => {
    const found = sites
      .map((site) =>
        site.inputs.length === method.inputs.length
          ? site.inputs[position]
          : site.inputs.find(({ source }) => source === input.source),
      )
      .find((each) => each?.column !== undefined);
    return input.column !== undefined || found?.column === undefined ? input : { ...input, column: found.column };
  });
  return { ...method, inputs };
}

/** Whether rows that are there are changed: what two transactions can lose to each other. */
function updates({ template }: DataAccessMethod): boolean {
  const [first] = template.parts;
  return first?.kind === 'text' && /^\s*UPDATE\b/i.test(first.text);
}

function spread(successes: readonly Success[]): Success[] {
  const step = Math.max(1, Math.floor(successes.length / COMMITTED));
  return successes.filter((_, position) => position % step === 0).slice(0, COMMITTED);
}

/** Columns that are a key of DynamoDB as they stand: their template is the column alone. */
function keyColumns({ tables }: MigrationContract): KeyColumns {
  const keys = new Set<string>();
  for (const entity of tables.flatMap((table) => table.entities)) {
    const templates = [
      entity.pk_template,
      entity.sk_template,
      ...Object.values(entity.index_templates).flatMap(({ pk, sk }) => [pk, sk]),
    ];
    for (const template of templates) {
      const [, column] = /^\{(\w+)\}$/.exec(template ?? '') ?? [];
      if (column !== undefined) keys.add(`${entity.source_table}.${column}`);
    }
  }
  return keys;
}

function tablesOf({ contract, analysis }: DifferentialSettings): TableFacts[] {
  const migrated = new Set(contract.tables.flatMap(({ entities }) => entities.map((entity) => entity.source_table)));
  return analysis.tables.filter(({ name }) => migrated.has(name));
}
