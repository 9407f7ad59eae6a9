import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { MigrationPlan } from '../../core/plan.ts';
import { testDatabase, testEndpoints, uniqueName } from '../../test/support/shared-stack.ts';
import { stageContext } from '../../test/support/stage-context.ts';
import { parseStatement } from '../../sql/parse.ts';
import { stage } from './index.ts';
import { everyKindOfObject } from './testing/objects.ts';

/** The context of tests takes a reference for its secret. */
const PASSWORD = 'pass word';
const ALL = 'SELECT, SHOW VIEW, TRIGGER, EVENT';

describe('a user who may only read', () => {
  let database: Awaited<ReturnType<typeof testDatabase>>;
  let root: string;
  const users: string[] = [];

  beforeAll(async () => {
    database = await testDatabase('readonly', everyKindOfObject('mysql-9'));
    root = await mkdtemp(path.join(tmpdir(), 'cutover-readonly-'));
    await mkdir(path.join(root, 'src'));
    await writeFile(path.join(root, 'src', 'app.ts'), 'export const nothing = 1;\n');
  }, 120_000);
  afterAll(async () => {
    for (const user of users) await database.connection.query(`DROP USER '${user}'@'%'`);
    await database.drop();
  });

  async function userWith(grants: (user: string) => readonly string[]): Promise<string> {
    const user = uniqueName('reader');
    users.push(user);
    await database.connection.query(`CREATE USER '${user}'@'%' IDENTIFIED BY '${PASSWORD}'`);
    for (const grant of grants(`'${user}'@'%'`)) await database.connection.query(grant);
    return user;
  }
  function planFor(user: string, changes: Partial<MigrationPlan['source']> = {}): MigrationPlan {
    const { host, port } = testEndpoints().mysql;
    return {
      name: 'readonly',
      artifactStore: root,
      source: { host, port, user, password: PASSWORD, database: database.name, ...changes },
      application: {
        path: root,
        sources: ['src'],
        server: { start: 'none', portVariable: 'PORT', readyPath: '/', databaseUrlVariable: 'DATABASE_URL' },
        tests: { command: 'none' },
        scratch: { database: 'none', prepare: 'none' },
      },
      target: { region: 'us-east-1', prefix: 'x-' },
      gates: { policy: 'auto' },
    };
  }
  test('the whole stage sends nothing that writes: every statement in the general log of the server is a read', async () => {
    const user = await userWith((who) => [
      `GRANT ${ALL} ON \`${database.name}\`.* TO ${who}`,
      `GRANT SHOW_ROUTINE ON *.* TO ${who}`,
    ]);
    await database.connection.query('SET GLOBAL general_log = ON');
    const context = await stageContext(planFor(user), {});
    try {
      await stage.preflight(context);
      const outputs = await stage.execute(context);
      const checks = await stage.verify({ ...context, outputs });
      expect(checks.flatMap((check) => check.failures)).toEqual([]);
      await stage.compensate(context);
    } finally {
      await database.connection.query('SET GLOBAL general_log = OFF');
    }
    const sent = statementsOf(readFileSync(testEndpoints().mysql.generalLogFile, 'utf8'), user);
    const kinds = new Map<string, number>();
    for (const sql of sent) {
      const kind = kindOf(sql);
      kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    }
    expect([...kinds.keys()].sort()).toEqual(['select', 'set session', 'show']);
    expect(sent.length).toBeGreaterThan(60);
    // Each of the three connections says first that it only reads.
    expect(sent.filter((sql) => sql === 'SET SESSION TRANSACTION READ ONLY').length).toBe(3);
  }, 180_000);

  test('the server itself refuses writes in such a session, also those of a function that a read calls', async () => {
    const { openSource } = await import('./source.ts');
    await database.connection.query(
      'CREATE FUNCTION sneaky() RETURNS INT DETERMINISTIC MODIFIES SQL DATA BEGIN DELETE FROM children; RETURN 1; END',
    );
    const { host, port, user } = testEndpoints().mysql;
    const reader = await openSource({ host, port, user, database: database.name }, async (value) => value);
    await expect(reader.query('SELECT sneaky() AS n')).rejects.toMatchObject({
      code: 'analysis.query-failed',
      detail: expect.stringContaining('READ ONLY transaction'),
    });
    await reader.close();
    await database.connection.query('DROP FUNCTION sneaky');
  });

  test.each([
    ['nothing at all', () => [], 'analysis.database-missing', /Access denied for user/],
    [
      'SELECT alone',
      (who: string) => [`GRANT SELECT ON ${'`DB`'}.* TO ${who}`],
      'analysis.privileges-missing',
      /lacks SHOW VIEW, TRIGGER, EVENT\. As an administrator: GRANT SHOW VIEW, TRIGGER, EVENT ON `.*`\.\* TO '.*'@'%';/,
    ],
    [
      'one table',
      (who: string) => [`GRANT SELECT ON ${'`DB`'}.children TO ${who}`],
      'analysis.privileges-missing',
      /lacks SELECT, SHOW VIEW, TRIGGER, EVENT\./,
    ],
    [
      'some columns of the database',
      (who: string) => [
        `GRANT SHOW VIEW, TRIGGER, EVENT ON ${'`DB`'}.* TO ${who}`,
        `GRANT SELECT (id) ON ${'`DB`'}.parents TO ${who}`,
      ],
      'analysis.privileges-missing',
      /lacks SELECT\. As an administrator: GRANT SELECT ON/,
    ],
  ] as const)('with %s, preflight says which GRANT is missing and writes nothing', async (_, grants, code, detail) => {
    const user = await userWith((who) => grants(who).map((grant) => grant.replace('`DB`', `\`${database.name}\``)));
    const context = await stageContext(planFor(user), {});
    await expect(stage.preflight(context)).rejects.toMatchObject({ code, detail: expect.stringMatching(detail) });
    expect([...context.written.keys()]).toEqual([]);
  });

  test('privileges that come by a role count', async () => {
    const role = uniqueName('role');
    users.push(role);
    await database.connection.query(`CREATE ROLE '${role}'`);
    await database.connection.query(`GRANT ${ALL} ON \`${database.name}\`.* TO '${role}'`);
    const user = await userWith((who) => [`GRANT '${role}' TO ${who}`, `SET DEFAULT ROLE '${role}' TO ${who}`]);
    const results = await stage.preflight(await stageContext(planFor(user), {}));
    expect(results.find((result) => result.id === 'S1-R1')?.total).toBe(5);
  });

  test('routines that the user may not see are reported with the GRANT that shows them', async () => {
    const user = await userWith((who) => [`GRANT ${ALL} ON \`${database.name}\`.* TO ${who}`]);
    const context = await stageContext(planFor(user), {});
    await stage.preflight(context);
    const outputs = await stage.execute(context);
    expect(context.text('stage-01/01_2_schema_extraction.md')).toMatch(
      /## What the user may not see[\s\S]*GRANT SHOW_ROUTINE ON/,
    );
    const checks = await stage.verify({ ...context, outputs });
    expect(checks.flatMap((check) => check.failures)).toEqual([]);
  }, 120_000);

  interface BadSource {
    readonly title: string;
    readonly changes: Partial<MigrationPlan['source']>;
    readonly code: string;
    readonly detail: RegExp;
  }
  test.each<BadSource>([
    {
      title: 'a wrong password',
      changes: { password: 'wrong' },
      code: 'analysis.access-denied',
      detail: /using password: YES/,
    },
    {
      title: 'a host that is not there',
      changes: { port: 1 },
      code: 'analysis.source-unreachable',
      detail: /ECONNREFUSED/,
    },
    {
      title: 'a database that does not exist',
      changes: { database: 'no_such_database' },
      code: 'analysis.database-missing',
      detail: /Unknown database/,
    },
  ])('$title is said, and nothing is written', async ({ changes, code, detail }) => {
    // Only who may see all databases is told that one does not exist; others are denied access to it.
    const user = await userWith((who) => [`GRANT ALL ON *.* TO ${who}`]);
    const plan = planFor(user, changes);
    const context = await stageContext(plan, {});
    await expect(stage.preflight(context)).rejects.toMatchObject({ code, detail: expect.stringMatching(detail) });
    await expect(stage.execute(context)).rejects.toMatchObject({ code });
    expect([...context.written.keys()]).toEqual([]);
  });

  test.each([
    ['is empty', [], /lists nothing in it/],
    ['has views only', ['CREATE VIEW one AS SELECT 1 AS n', 'CREATE VIEW two AS SELECT n FROM one'], /only 2 views/],
  ])('a database that %s is said', async (_, statements, detail) => {
    const other = await testDatabase('bare', statements);
    const { host, port, user } = testEndpoints().mysql;
    const source = { host, port, user, database: other.name };
    const context = await stageContext({ ...planFor(user), source }, {});
    await expect(stage.preflight(context)).rejects.toMatchObject({
      code: 'analysis.database-empty',
      detail: expect.stringMatching(detail),
    });
    expect([...context.written.keys()]).toEqual([]);
    await other.drop();
  });
});

/** Statements of the user's connections in a general log; a statement may go over several lines. */
function statementsOf(log: string, user: string): string[] {
  const mine = new Set<string>();
  const statements: string[] = [];
  let current: { id: string; text: string } | undefined;
  const finish = (): void => {
    if (current !== undefined && mine.has(current.id)) statements.push(current.text.trim());
    current = undefined;
  };
  for (const line of log.split('\n')) {
    const entry = /^\S+Z\t\s*(\d+) (Connect|Query|Execute|Prepare|Quit|Init DB|\w+(?: \w+)?)\t?(.*)$/.exec(line);
    if (entry === null) {
      if (current !== undefined) current.text += `\n${line}`;
      continue;
    }
    finish();
    const [, id = '', command = '', argument = ''] = entry;
    if (command === 'Connect') {
      if (argument.startsWith(`${user}@`)) mine.add(id);
    } else if (['Query', 'Execute', 'Prepare'].includes(command)) {
      current = { id, text: argument };
    }
  }
  finish();
  return statements;
}

/** What a real parser says a statement is; SHOW and SET, which it knows only in part, by their first words. */
function kindOf(sql: string): string {
  const words = /^(SHOW|SET SESSION)\b/i.exec(sql)?.[1];
  if (words !== undefined) return words.toLowerCase();
  const parsed = parseStatement(sql);
  if (parsed === undefined)
    return /^SELECT\b(?![\s\S]*\b(?:INTO|FOR UPDATE|LOCK IN)\b)/i.test(sql) ? 'select' : `unparsed: ${sql}`;
  const kinds = new Set(parsed.trees.map((tree) => String(tree['type'])));
  return parsed.locks ? 'locks' : [...kinds].join(', ');
}
