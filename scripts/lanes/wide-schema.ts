import { parseArgs } from 'node:util';
import mysql from 'mysql2/promise';
import { analyseDatabase, mergeSources } from '../../activities/01-mysql-analysis/analyse.ts';
import { printAnalysis } from '../../activities/01-mysql-analysis/format.ts';
import { reports } from '../../activities/01-mysql-analysis/report/index.ts';
import { assembleTables } from '../../activities/01-mysql-analysis/schema/assemble.ts';
import { readCatalogue } from '../../activities/01-mysql-analysis/schema/catalogue.ts';
import { assembleObjects } from '../../activities/01-mysql-analysis/schema/objects.ts';
import { freshStatistics, readServer } from '../../activities/01-mysql-analysis/schema/server.ts';
import { openSource, type SourceReader } from '../../activities/01-mysql-analysis/source.ts';
import { NO_APPLICATION, recounted } from '../../activities/01-mysql-analysis/testing/analysis-of.ts';
import { planModel } from '../../activities/02-dynamodb-data-modeling/plan-model.ts';
import type { MysqlEndpoint, MysqlServer } from '../../stack/index.ts';
import { printTable, withServer } from './databases.ts';
import { wideSchema } from './wide.ts';

const { values: options } = parseArgs({
  options: {
    server: { type: 'string', default: 'default' },
    tables: { type: 'string', default: '2000' },
    columns: { type: 'string', default: '20' },
  },
});
const DATABASE = 'wide';

/**
 * Stage 1 over a very wide schema: seconds, statements and peak memory of each part.
 *
 *   npm run lane:wide-schema -- [--tables 2000] [--columns 20] [--server mysql-5.6]
 */
async function lane(endpoint: MysqlEndpoint): Promise<void> {
  await generate(endpoint);
  const { host, port, user } = endpoint;
  const direct = await openSource({ host, port, user, database: DATABASE }, async (value) => value);
  let statements = 0;
  const reader: SourceReader = {
    ...direct,
    query: (sql, values) => {
      statements += 1;
      return direct.query(sql, values);
    },
  };
  const rows: (string | number)[][] = [];
  const measured = async <T>(title: string, work: () => Promise<T> | T, what: (value: T) => string): Promise<T> => {
    const before = statements;
    const started = performance.now();
    const value = await work();
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    const peak = Math.round(process.resourceUsage().maxRSS / 1024);
    rows.push([title, seconds, statements - before, peak, what(value)]);
    process.stderr.write(`${title}: ${seconds} s\n`);
    return value;
  };

  await measured(
    'nothing yet',
    () => undefined,
    () => 'the process itself',
  );
  await measured(
    'schema: the whole catalogue',
    async () => {
      const server = await readServer(reader);
      await freshStatistics(reader, server);
      const catalogue = await readCatalogue(reader);
      return { tables: assembleTables(catalogue, server, DATABASE), objects: assembleObjects(catalogue) };
    },
    ({ tables, objects }) =>
      `${tables.length} tables, ${tables.reduce((sum, table) => sum + table.columns.length, 0)} columns, ${tables.reduce((sum, table) => sum + table.foreignKeys.length, 0)} foreign keys, ${objects.views.length} views, ${objects.triggers.length} triggers`,
  );
  const facts = await measured(
    'the database: catalogue, counts, sizes, checks of data',
    () => analyseDatabase(reader, { progress: () => undefined, signal: new AbortController().signal }),
    (value) => `${value.findings.length} findings`,
  );
  const analysis = mergeSources(DATABASE, facts, NO_APPLICATION, undefined);
  await measured(
    'analysis.json, checked and printed',
    () => printAnalysis(analysis),
    (text) => `${(text.length / 1e6).toFixed(1)} MB`,
  );
  await measured(
    'the six pages',
    () => reports(analysis, []),
    (pages) => `${([...pages.values()].reduce((sum, page) => sum + page.length, 0) / 1e6).toFixed(1)} MB`,
  );
  await measured(
    'verification: everything counted again',
    () => recounted(reader, analysis),
    (found) => `${found.filter((fact) => fact.holds).length} of ${found.length} facts hold`,
  );
  await reader.close();
  await measured(
    'stage 2: a model, no access patterns',
    () => planModel(analysis, { assumedRate: { name: 'lane', mean: 1, peak: 1 } }),
    (planned) => `${planned.contract.tables.length} DynamoDB tables`,
  ).catch((error: unknown) => {
    rows.push(['stage 2: a model, no access patterns', '–', 0, '–', `refused: ${String(error).slice(0, 160)}`]);
  });
  process.stdout.write(`\nServer: ${endpoint.version}\n\n`);
  printTable(['part', 'seconds', 'statements', 'peak memory, MB', 'what'], rows);
}

async function generate({ host, port, user, password }: MysqlEndpoint): Promise<void> {
  const connection = await mysql.createConnection({ host, port, user, password });
  const started = Date.now();
  await connection.query(`CREATE DATABASE ${DATABASE} CHARACTER SET utf8mb4`);
  await connection.query(`USE ${DATABASE}`);
  for (const sql of wideSchema(Number(options.tables), Number(options.columns))) await connection.query(sql);
  await connection.end();
  process.stderr.write(`schema generated in ${((Date.now() - started) / 1000).toFixed(0)} s\n`);
}

await withServer(options.server as MysqlServer, lane);
