import mysql from 'mysql2/promise';
import { readPrivileges, requirePrivileges } from '../../activities/01-mysql-analysis/schema/privileges.ts';
import { openSource } from '../../activities/01-mysql-analysis/source.ts';
import { analysisOf, recounted } from '../../activities/01-mysql-analysis/testing/analysis-of.ts';
import { printAnalysis } from '../../activities/01-mysql-analysis/format.ts';
import { MYSQL_SERVERS, type MysqlEndpoint, type MysqlServer } from '../../stack/index.ts';
import { fill, laneDatabases, printTable, withServer } from './databases.ts';

/**
 * Stage 1 on another server: loads every database that is to be had, analyses it, and counts every object again by
 * SHOW. Fails when one is missing.
 *
 *   npm run lane:mariadb | lane:mysql56 | lane:mysql
 */
async function lane(server: MysqlServer): Promise<void> {
  await withServer(server, async (endpoint) => {
    const { host, port, user } = endpoint;
    const rows: (string | number)[][] = [];
    for (const [index, database] of laneDatabases().entries()) {
      const name = `lane_${index}`;
      try {
        await fill(endpoint, name, (connection) => database.load(connection, server));
      } catch (error) {
        process.stderr.write(`! ${database.name}: not loaded whole: ${error instanceof Error ? error.message : ''}\n`);
      }
      const started = Date.now();
      const reader = await openSource({ host, port, user, database: name }, async (value) => value);
      const analysis = await analysisOf(reader);
      const bytes = printAnalysis(analysis).length;
      const seconds = (Date.now() - started) / 1000;
      const facts = await recounted(reader, analysis).finally(() => reader.close());
      const lost = facts.filter((fact) => !fact.holds);
      for (const fact of lost) process.stderr.write(`  NOT FOUND AGAIN ${fact.name}\n`);
      if (lost.length > 0) process.exitCode = 1;
      const of = (count: (table: (typeof analysis.tables)[number]) => number): number =>
        analysis.tables.reduce((sum, table) => sum + count(table), 0);
      rows.push([
        database.name,
        analysis.tables.length,
        of((table) => table.columns.length),
        of((table) => table.indexes.length),
        of((table) => table.foreignKeys.length),
        of((table) => table.checks.length),
        of((table) => table.partitions.length),
        [analysis.views, analysis.triggers, analysis.routines, analysis.events].map((one) => one.length).join(' / '),
        of((table) => table.statistics.rows),
        `${facts.length - lost.length} of ${facts.length}`,
        bytes,
        seconds.toFixed(1),
      ]);
    }
    const told = await asReader(endpoint, 'lane_0');
    process.stdout.write(`\nServer: ${endpoint.version}. ${told}\n\n`);
    printTable(
      'database|tables|columns|indexes|foreign keys|CHECKs|partitions|views / triggers / routines / events|rows|counted again|bytes of analysis.json|seconds'.split(
        '|',
      ),
      rows,
    );
  });
}

/** Whether the four privileges that the documentation asks for suffice on this server, too. */
async function asReader({ host, port, user, password }: MysqlEndpoint, database: string): Promise<string> {
  const root = await mysql.createConnection({ host, port, user, password });
  await root.query("CREATE USER 'lane_reader'@'%' IDENTIFIED BY 'lane-reader'");
  await root.query(`GRANT SELECT, SHOW VIEW, TRIGGER, EVENT ON \`${database}\`.* TO 'lane_reader'@'%'`);
  await root.end();
  const source = { host, port, database, user: 'lane_reader', password: 'lane-reader' };
  const reader = await openSource(source, async (value) => value);
  try {
    requirePrivileges(await readPrivileges(reader), reader.where);
    const analysis = await analysisOf(reader);
    const facts = await recounted(reader, analysis);
    if (facts.some((fact) => !fact.holds)) process.exitCode = 1;
    const hidden = (analysis.hidden ?? []).map((one) => `hidden from it: ${one.objects}`).join('; ');
    return `A user with SELECT, SHOW VIEW, TRIGGER and EVENT alone: ${facts.filter((fact) => fact.holds).length} of ${facts.length} facts; ${hidden || 'nothing hidden'}.`;
  } finally {
    await reader.close();
  }
}

const asked = process.argv[2] as MysqlServer;
if (!MYSQL_SERVERS.includes(asked)) throw new Error(`name a server: ${MYSQL_SERVERS.join(', ')}`);
await lane(asked);
