import { createRequire } from 'node:module';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { McpSettings, SourceSettings } from '../../../core/plan.ts';
import { testDatabase, testEndpoints, uniqueName } from '../../../test/support/shared-stack.ts';
import { printAnalysis } from '../format.ts';
import { openSource } from '../source.ts';
import { analysisOf, recounted } from '../testing/analysis-of.ts';
import { everyKindOfObject } from '../testing/objects.ts';

/** A server for MySQL that others wrote; it cuts every answer off at 1,000 rows and takes plain reads only. */
const PACKAGE = 'mysql-mcp-server';
const program = path.join(
  path.dirname(createRequire(import.meta.url).resolve(`${PACKAGE}/package.json`)),
  'build',
  'index.js',
);
const PASSWORD = 'not-2-be-seen';

describe('through an MCP server', () => {
  let database: Awaited<ReturnType<typeof testDatabase>>;
  const user = uniqueName('mcp');

  beforeAll(async () => {
    const wide = Array.from({ length: 1_200 }, (_, index) => `c${index} TINYINT`);
    database = await testDatabase('mcp', [
      ...everyKindOfObject('mysql-9'),
      `CREATE TABLE wide_a (${wide.slice(0, 600).join(', ')})`,
      `CREATE TABLE wide_b (${wide.slice(600).join(', ')})`,
    ]);
    await database.connection.query(`CREATE USER '${user}'@'%' IDENTIFIED BY '${PASSWORD}'`);
    await database.connection.query(
      `GRANT SELECT, SHOW VIEW, TRIGGER, EVENT ON \`${database.name}\`.* TO '${user}'@'%'`,
    );
    await database.connection.query(`GRANT SHOW_ROUTINE ON *.* TO '${user}'@'%'`);
  }, 120_000);
  afterAll(async () => {
    await database.connection.query(`DROP USER '${user}'@'%'`);
    await database.drop();
  });

  function source(changes: Partial<McpSettings> = {}, environment: Record<string, string> = {}): SourceSettings {
    const { host, port } = testEndpoints().mysql;
    return {
      ...direct(),
      mcp: {
        command: process.execPath,
        arguments: [program],
        environment: {
          MYSQL_HOST: host,
          MYSQL_PORT: String(port),
          MYSQL_USER: user,
          MYSQL_DATABASE: database.name,
          ...environment,
        },
        secretEnvironment: { MYSQL_PASSWORD: 'env:THE_PASSWORD' },
        tool: 'execute_query',
        argument: 'query',
        ...changes,
      },
    };
  }
  function direct(): SourceSettings {
    const { host, port } = testEndpoints().mysql;
    return { host, port, user, database: database.name, password: 'env:THE_PASSWORD' };
  }
  const secret = async (reference: string): Promise<string> => {
    expect(reference).toBe('env:THE_PASSWORD');
    return PASSWORD;
  };

  test('the same database gives the same bytes as by a direct connection', async () => {
    const one = await openSource(direct(), secret);
    const other = await openSource(source(), secret);
    try {
      const straight = printAnalysis(await analysisOf(one));
      const through = printAnalysis(await analysisOf(other));
      expect(through).toBe(straight);
      expect(straight.length).toBeGreaterThan(400_000);
      const facts = await recounted(other, await analysisOf(other));
      expect(facts.filter((fact) => !fact.holds)).toEqual([]);
    } finally {
      await one.close();
      await other.close();
    }
  }, 180_000);

  test('an answer that the server cuts off is asked for again from there', async () => {
    const reader = await openSource(source({ pageRows: 5_000 }), secret);
    const rows = await reader.query(
      'SELECT COLUMN_NAME AS name FROM information_schema.COLUMNS WHERE TABLE_NAME LIKE ? AND TABLE_SCHEMA = ?',
      ['wide%', database.name],
    );
    await reader.close();
    expect(new Set(rows.map((row) => row['name'])).size).toBe(1_200);
    expect(rows.length).toBe(1_200);
  });

  test('what is no reading statement is not sent', async () => {
    const reader = await openSource(source(), secret);
    await expect(reader.query('DELETE FROM parents')).rejects.toThrow('not a reading statement');
    await reader.close();
  });

  test.each([
    ['analysis.mcp-tool-missing', /has no tool run; it has list_databases, .*execute_query/, { tool: 'run' }, {}],
    ['analysis.mcp-tool-missing', /takes no sql; it takes query, database/, { argument: 'sql' }, {}],
    ['analysis.mcp-unreachable', /MYSQL_HOST environment variable is required/, { environment: {} }, {}],
    ['analysis.mcp-unreachable', /ENOENT/, { command: 'no-such-program' }, {}],
    ['analysis.access-denied', /Access denied for user/, {}, { MYSQL_USER: 'nobody_at_all' }],
    [
      'analysis.database-missing',
      /is mysql; the plan says|Access denied .* to database/,
      {},
      { MYSQL_DATABASE: 'mysql' },
    ],
    ['analysis.source-unreachable', /ECONNREFUSED/, {}, { MYSQL_PORT: '1' }],
  ])('says %s: %s', async (code, detail, changes, environment) => {
    const opened = openSource(source(changes, environment), secret);
    await expect(opened).rejects.toMatchObject({ code, detail: expect.stringMatching(detail) });
    await expect(opened).rejects.not.toMatchObject({ message: expect.stringContaining(PASSWORD) });
  });
});
