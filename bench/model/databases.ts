/**
 * `npm run bench:model-databases`: stages 1 and 2 on real databases, with the proof on DynamoDB Local, as Markdown.
 * Names after `--` choose some of them.
 * `CUTOVER_INPUTS` names the folder with databases that this project did not write; without it they are left out.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { execa } from 'execa';
import mysql from 'mysql2/promise';
import { analyseDatabase, mergeSources } from '../../activities/01-mysql-analysis/analyse.ts';
import { analyseSources } from '../../activities/01-mysql-analysis/application-source.ts';
import { openSource } from '../../activities/01-mysql-analysis/source.ts';
import { planModel } from '../../activities/02-dynamodb-data-modeling/plan-model.ts';
import { prove, type PatternProof } from '../../activities/02-dynamodb-data-modeling/proof.ts';
import { prepareSession } from '../../activities/02-dynamodb-data-modeling/proof-session.ts';
import {
  createProofTables,
  metersBySize,
  removeProofTables,
} from '../../activities/02-dynamodb-data-modeling/proof-tables.ts';
import { isNear } from '../../activities/02-dynamodb-data-modeling/proof-checks.ts';
import { connectSource, sourceConnection } from '../../activities/mysql.ts';
import type { Analysis } from '../../core/analysis.ts';
import type { ApplicationSettings, SourceSettings } from '../../core/plan.ts';
import { ensureInstalled, startStack } from '../../stack/index.ts';
import { generate } from './generated.ts';
import { loadScript } from './load-script.ts';
import { noApplication, patternsOfViews, patternsThroughKeys } from './synthesised.ts';

interface Subject {
  readonly name: string;
  /** Where its access patterns come from, for the table. */
  readonly patterns: string;
  readonly sources?: { readonly path: string; readonly sources: readonly string[] };
  fill(connection: mysql.Connection, url: string): Promise<void>;
}

const root = join(import.meta.dirname, '..', '..');
const inputs = join(process.env['CUTOVER_INPUTS'] ?? '/nonexistent', 'databases');
const shop = join(root, 'examples', 'shop');
const KEYS = 'synthesised: lookups through keys, joins to each parent, a row inserted, changed, removed';

const SUBJECTS: readonly Subject[] = [
  {
    name: 'shop',
    patterns: 'its source, by stage 1',
    sources: { path: shop, sources: ['src'] },
    fill: async (_, url) => {
      await execa('npm', ['run', 'seed', '--', '--reset', '--orders', '300'], {
        cwd: shop,
        env: { DATABASE_URL: url },
      });
    },
  },
  ...[
    { name: 'sakila', files: ['sakila/sakila-database.sql', 'sakila/sakila-data.sql'], of: 'sakila' },
    { name: 'chinook', files: ['chinook/Chinook_MySql.sql'], of: 'Chinook' },
  ].map(({ name, files, of }): Subject => ({
    name,
    patterns: `${KEYS}${name === 'sakila' ? '; its views' : ''}`,
    fill: async (connection) => {
      for (const file of files) await loadScript(connection, readFileSync(join(inputs, file), 'utf8'), of);
    },
  })),
  {
    name: 'generated',
    patterns: KEYS,
    fill: async (connection) => {
      for (const statement of generate(11, 40, 12).sql) await connection.query(statement);
    },
  },
];

interface Outcome {
  readonly subject: Subject;
  readonly columns: number;
  readonly analysis: Analysis;
  readonly planned: ReturnType<typeof planModel>;
  readonly proven: readonly PatternProof[];
}

const asked = process.argv.slice(2);
const subjects = SUBJECTS.filter(
  ({ name }) =>
    (existsSync(inputs) || name === 'shop' || name === 'generated') && (asked.length === 0 || asked.includes(name)),
);
await ensureInstalled(['mysql', 'dynamodb-local']);
const stack = await startStack({ name: `bench-model-${process.pid}`, parts: ['mysql', 'dynamodb-local'], fresh: true });
try {
  const outcomes: Outcome[] = [];
  for (const subject of subjects) outcomes.push(await outcomeOf(subject));
  print(outcomes);
  printWrites(outcomes);
} finally {
  await stack.stop();
}

async function outcomeOf(subject: Subject): Promise<Outcome> {
  const { host, port, user, password } = stack.endpoints.mysql;
  const database = `bench_${subject.name}`;
  const connection = await mysql.createConnection({ host, port, user, password, multipleStatements: true });
  await connection.query('CREATE DATABASE ?? CHARACTER SET utf8mb4', [database]);
  await connection.changeUser({ database });
  await subject.fill(connection, `mysql://${user}:${encodeURIComponent(password)}@${host}:${port}/${database}`);
  const [[counted]] = await connection.query<mysql.RowDataPacket[]>(
    `SELECT COUNT(*) AS n FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)
     WHERE t.table_schema = ? AND t.table_type = 'BASE TABLE'`,
    [database],
  );
  await connection.end();
  const source = { host, port, user, database };
  const analysis = await analyse(subject, source);
  const planned = planModel(analysis, {
    assumedRate: { name: 'bench', mean: 1, peak: 10 },
    statedRates: reports(analysis),
  });
  return {
    subject,
    columns: Number(counted?.['n']),
    analysis,
    planned,
    proven: await proof(source, analysis, planned),
  };
}

async function analyse(subject: Subject, source: SourceSettings): Promise<Analysis> {
  const reader = await openSource(source, async (value) => value);
  try {
    const facts = await analyseDatabase(reader, { progress: () => undefined, signal: new AbortController().signal });
    if (subject.sources) {
      const code = await analyseSources(subject.sources as ApplicationSettings);
      return mergeSources(source.database, facts, code, undefined);
    }
    const keys = patternsThroughKeys(facts.tables);
    const views = patternsOfViews(facts.objects.views, source.database, keys.length);
    return mergeSources(source.database, facts, noApplication([...keys, ...views]), undefined);
  } finally {
    await reader.close();
  }
}

/** Views are reports, which read much and are asked for seldom. */
function reports(analysis: Analysis): Record<string, { mean: number; peak: number }> {
  const views = new Set(analysis.application.callSites.filter(({ within }) => within === 'view').map(({ id }) => id));
  const ids = analysis.accessPatterns.filter(({ callSites }) => callSites.some((site) => views.has(site)));
  return Object.fromEntries(ids.map(({ id }) => [id, { mean: 0.00001, peak: 0.0001 }]));
}

async function proof(source: SourceSettings, analysis: Analysis, planned: Outcome['planned']): Promise<PatternProof[]> {
  const { endpoint, region } = stack.endpoints.dynamodbLocal;
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const dynamodb = new DynamoDBClient({ endpoint, region, credentials });
  const prefix = `${source.database}-`;
  const connection = await connectSource(await sourceConnection(source, async (value) => value));
  try {
    await prepareSession(connection);
    await createProofTables(dynamodb, planned.contract, prefix);
    if (!(await metersBySize(dynamodb, planned.contract, prefix))) throw new Error('The endpoint does not meter.');
    return await prove({
      ...{ connection, database: source.database, dynamodb, prefix, contract: planned.contract, analysis },
      patterns: planned.choice.chosen.patterns,
      measureWrites: true,
      signal: new AbortController().signal,
      progress: () => undefined,
    });
  } finally {
    await connection.end();
    await removeProofTables(dynamodb, prefix);
    dynamodb.destroy();
  }
}

function row(cells: readonly (string | number)[]): void {
  console.log(`| ${cells.map((cell) => String(cell).replaceAll('|', '\\|')).join(' | ')} |`);
}

function print(outcomes: readonly Outcome[]): void {
  row(['Database', 'Patterns from', 'Patterns', 'Served', 'Refused', 'Columns', 'Mapped', 'Dropped', 'Model']);
  row(['---', '---', '---:', '---:', '---:', '---:', '---:', '---:', '---']);
  for (const { subject, columns, planned } of outcomes) {
    const { contract, choice } = planned;
    const services = contract.access_patterns;
    const refused = services.filter(({ status }) => status === 'refused');
    const mapped = contract.tables.flatMap(({ entities }) => entities).flatMap(({ attributes }) => attributes).length;
    row([
      ...[subject.name, subject.patterns, services.length, services.length - refused.length, refused.length],
      ...[columns, mapped, contract.dropped_columns.length, choice.chosen.model.id],
    ]);
  }
  for (const { subject, planned } of outcomes) {
    for (const service of planned.contract.access_patterns.filter(({ status }) => status === 'refused'))
      console.log(`- ${subject.name} ${service.id} refused: ${service.reason}`);
  }
  console.log();
  row([
    'Database',
    'Patterns',
    'Compared with MySQL',
    'Of these with rows',
    'Equal',
    'Not compared',
    'Read',
    'Units within 10 %',
  ]);
  row(['---', '---:', '---:', '---:', '---:', '---:', '---:', '---:']);
  for (const { subject, proven } of outcomes) {
    const compared = proven.filter(({ outcome }) => outcome !== 'not compared');
    const reading = proven.filter(({ items }) => items > 0);
    const near = reading.filter(isNear);
    row([
      ...[subject.name, proven.length, compared.length, compared.filter(({ rows }) => rows > 0).length],
      ...[compared.filter(({ outcome }) => outcome === 'equal').length, proven.length - compared.length],
      ...[reading.length, near.length],
    ]);
  }
  console.log();
  for (const { subject, proven } of outcomes) {
    const reasons = new Map<string, string[]>();
    for (const one of proven)
      if (one.why !== '')
        reasons.set(`${one.outcome}: ${one.why}`, [...(reasons.get(`${one.outcome}: ${one.why}`) ?? []), one.id]);
    for (const [why, ids] of reasons)
      console.log(
        `- ${subject.name}, ${why} ${ids.length} patterns: ${ids.slice(0, 8).join(', ')}${ids.length > 8 ? ' …' : ''}`,
      );
  }
  console.log();
  for (const { subject, proven } of outcomes.slice(0, 1)) {
    console.log(`${subject.name}, pattern by pattern:\n`);
    row(['Pattern', 'What', 'Requests', 'Items', 'Computed units', 'Consumed units', 'MySQL’s rows', 'Result']);
    row(['---', '---', '---:', '---:', '---:', '---:', '---:', '---']);
    for (const one of proven.filter(({ requests }) => requests > 0))
      row([one.id, one.title, one.requests, one.items, one.computed, one.consumed, one.rows, one.outcome]);
  }
}

function printWrites(outcomes: readonly Outcome[]): void {
  console.log('\nWrites:\n');
  row(['Database', 'Patterns that write', 'Executed', 'Units within 10 %', 'Not executed']);
  row(['---', '---:', '---:', '---:', '---:']);
  const all = outcomes.map(({ subject, proven }) => {
    const writes = proven.flatMap(({ write }) => write ?? []);
    return { name: subject.name, writes, measured: writes.filter(({ outcome }) => outcome === 'measured') };
  });
  for (const { name, writes, measured } of all)
    row([name, writes.length, measured.length, measured.filter(isNear).length, writes.length - measured.length]);
  console.log();
  for (const { name, writes, measured } of all) {
    for (const { id, why } of writes.filter(({ outcome }) => outcome !== 'measured'))
      console.log(`- ${name} ${id}, not executed: ${why}`);
    for (const { id, title, computed, consumed } of measured.filter((one) => !isNear(one)))
      console.log(`- ${name} ${id} (${title}): computed ${computed}, consumed ${consumed}`);
  }
  for (const { name, measured } of all.slice(0, 1)) {
    console.log(`\n${name}, writes pattern by pattern:\n`);
    row(['Pattern', 'What', 'Items', 'Computed units', 'Consumed units', 'Parents checked']);
    row(['---', '---', '---:', '---:', '---:', '---:']);
    for (const one of measured) row([one.id, one.title, one.items, one.computed, one.consumed, one.checks]);
  }
}
