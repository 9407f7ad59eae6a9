/**
 * What real servers write, read back: each of the three kinds of measurement must count exactly what was sent.
 *
 *   npm run lane:log-formats -- [default] [mariadb-10.11] [mysql-5.6]
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import mysql from 'mysql2/promise';
import type { LogFacts } from '../core/analysis.ts';
import { CutoverError } from '../core/errors/index.ts';
import { analyseFile, type MeasuredFile } from '../activities/01-mysql-analysis/performance/log-facts.ts';
import { requireDigests, sampleDigests } from '../activities/01-mysql-analysis/performance/digest-samples.ts';
import { openSource } from '../activities/01-mysql-analysis/source.ts';
import { startStack } from '../stack/index.ts';

const SERVERS = ['default', 'mariadb-10.11', 'mysql-5.6'] as const;
type Server = (typeof SERVERS)[number];
type Endpoint = { host: string; port: number; user: string; password: string; generalLogFile: string; version: string };

/** Shapes with how often each is sent. */
const SENT = new Map([
  ['SELECT title FROM book WHERE id = ? AND stars > ?', 50],
  ['UPDATE book SET title = ? WHERE id = ?', 30],
  ['INSERT INTO book (id, title, stars) VALUES (?, ?, ?)', 7],
  ['SELECT b.id, b.title FROM book AS b WHERE b.id IN (?) ORDER BY b.id LIMIT ?', 20],
]);

async function work(connection: mysql.Connection): Promise<void> {
  for (let n = 0; n < 7; n++) {
    const rows = Array.from({ length: n + 1 }, (_, row) => `(${n * 10 + row}, 'it''s "${n}" \\\\ # -- ü', ${row})`);
    await connection.query(`INSERT INTO book (id, title, stars) VALUES ${rows.join(', ')}`);
  }
  for (let n = 0; n < 50; n++) await connection.execute('SELECT title FROM book WHERE id = ? AND stars > ?', [n, 2]);
  for (let n = 0; n < 30; n++) await connection.query(`UPDATE book SET title = 'line\n${n}' WHERE id = ${n}`);
  for (let n = 0; n < 20; n++) {
    const ids = Array.from({ length: n + 1 }, (_, id) => id).join(', ');
    await connection.query(
      `SELECT b.id, b.title\n\t\t  FROM book AS b\n WHERE b.id IN (${ids})\n ORDER BY b.id LIMIT ${n}`,
    );
  }
}

async function measureServer(server: Server, folder: string): Promise<string[]> {
  const name = `log-formats-${server.replaceAll('.', '-')}-${process.pid}`;
  const slowLog = path.join(folder, 'slow.log');
  const args = [
    '--slow-query-log=ON',
    `--slow-query-log-file=${slowLog}`,
    '--long-query-time=0',
    '--performance-schema=ON',
  ];
  const stack = await startStack({ name, parts: ['mysql'], fresh: true, mysql: { server, generalLog: true, args } });
  try {
    const endpoint: Endpoint = stack.endpoints.mysql;
    const samples = path.join(folder, 'digests.jsonl');
    const refusal = await exercise(endpoint, samples);
    const files: MeasuredFile[] = [
      { path: endpoint.generalLogFile, format: 'general' },
      { path: slowLog, format: 'slow' },
      ...(refusal === undefined ? [{ path: samples, format: 'digest' as const }] : []),
    ];
    const lines: string[] = [];
    for (const file of files) lines.push(line(endpoint.version, file, (await analyseFile(file, folder)).facts));
    if (refusal !== undefined) lines.push(`| ${endpoint.version} | digest | refused: ${refusal} |||||`);
    return lines;
  } finally {
    await stack.stop();
  }
}

/** Sends the statements while the counters are watched; says why where that is refused. */
async function exercise({ host, port, user, password }: Endpoint, samples: string): Promise<string | undefined> {
  const connection = await mysql.createConnection({ host, port, user, password });
  await connection.query('CREATE DATABASE lending CHARACTER SET utf8mb4');
  await connection.query('USE lending');
  await connection.query('CREATE TABLE book (id INT PRIMARY KEY, title VARCHAR(100), stars INT)');
  const source = { host, port, user, database: 'lending', ...(password === '' ? {} : { password }) };
  const reader = await openSource(source, async (reference) => reference);
  const refusal = await requireDigests(reader).then(
    () => undefined,
    (error: unknown) => (error instanceof CutoverError ? (error.detail ?? error.code) : String(error)),
  );
  const watch = { seconds: 4, signal: new AbortController().signal, progress: () => undefined };
  const sampled = refusal === undefined ? sampleDigests(reader, samples, watch) : Promise.resolve();
  await new Promise((resolve) => setTimeout(resolve, 1000));
  await work(connection);
  await sampled.finally(() => reader.close());
  await connection.end();
  return refusal;
}

function line(version: string, { format }: MeasuredFile, facts: LogFacts): string {
  const counted = new Map(facts.shapes.map((shape) => [shape.normalisedSql, shape.count]));
  const cells = [...SENT].map(([sql, sent]) => `${counted.get(sql) ?? 0} of ${sent}`);
  // Old servers leave executions out of their counters; what counts is that the report says how many.
  const unseen = Number(/(\d+) executions of prepared/.exec(facts.notes?.join() ?? '')?.[1] ?? 0);
  const complete = [...SENT].every(
    ([sql, sent], place) => (counted.get(sql) ?? 0) + (place === 0 ? unseen : 0) === sent,
  );
  const right = complete && facts.unparsed === 0;
  if (unseen > 0) cells[0] = `${unseen} said to be missing`;
  if (!right) {
    process.exitCode = 1;
    console.error(facts.shapes.map((shape) => `${shape.count} × ${shape.normalisedSql}`).join('\n'));
  }
  return `| ${version} | ${format} | ${cells.join(' | ')} | ${facts.unparsed} | ${right ? 'yes' : 'NO'} |`;
}

const wanted = process.argv.slice(2);
const servers = wanted.length === 0 ? SERVERS : SERVERS.filter((server) => wanted.includes(server));
console.log(
  '| server | read from | prepared SELECT | UPDATE | INSERT of several rows | SELECT … IN | not understood | all right |',
);
console.log('|---|---|---|---|---|---|---|---|');
for (const server of servers) {
  const folder = await mkdtemp(path.join(tmpdir(), 'cutover-log-formats-'));
  for (const row of await measureServer(server, folder)) console.log(row);
  await rm(folder, { recursive: true });
}
process.exit();
