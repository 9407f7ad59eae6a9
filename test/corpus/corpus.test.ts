import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { Both, comparable, type Outcome } from './both.ts';
import { rewritePlans, schemas, type Statement } from './statements.ts';
import { createWorld, NOW, STORE, type World } from './world.ts';

// `npm run corpus:plans` takes what the compiler says now as what is expected.
const REWRITE = process.env['CUTOVER_CORPUS_REWRITE'] !== undefined;

/** Everything but the date. */
const NOT_FAKED = [
  ...(['hrtime', 'nextTick', 'performance', 'queueMicrotask', 'setImmediate', 'clearImmediate'] as const),
  ...(['setInterval', 'clearInterval', 'setTimeout', 'clearTimeout'] as const),
];

describe.each(schemas())('$name', (schema) => {
  let world: World;
  let both: Both;
  let [executed, equal] = [0, 0];

  beforeAll(async () => {
    jest.useFakeTimers({ now: NOW, doNotFake: NOT_FAKED });
    world = await createWorld(schema);
    both = new Both(world);
    await both.remember();
    if (REWRITE) rewritePlans(schema.name, outcomes());
  }, 300_000);

  afterAll(async () => {
    jest.useRealTimers();
    await world.close();
    const refused = schema.statements.filter(({ id }) => world.compiled.get(id)?.method.status === 'refused').length;
    const all = schema.statements.length;
    process.stderr.write(`| ${[schema.name, all, all - refused, refused, executed, equal, STORE].join(' | ')} |\n`);
  });

  function outcomes(): Map<string, { plan?: string; refused?: string }> {
    const told = [...world.compiled].map(([id, { method }]) => {
      const reason = method.reason.replace(/^.* is not implemented on DynamoDB: /, '');
      return [id, method.status === 'refused' ? { refused: reason } : { plan: method.plan }] as const;
    });
    return new Map(told);
  }

  test('ids are unique', () => {
    const ids = schema.statements.map(({ id }) => id);
    expect(ids).toEqual([...new Set(ids)]);
  });

  test.each(schema.statements)('$id', async (statement) => {
    const told = outcomes().get(statement.id);
    if (!REWRITE) expect(told).toEqual(expected(statement));
    const runs = statement.with ?? [{}];
    let telling = false;
    for (const values of runs) {
      const outcome = told?.refused === undefined ? await run(statement, values) : await refuse(statement, values);
      if (told?.refused === undefined) equal += 1;
      telling ||= tells(outcome);
    }
    expect({ ...statement, telling: telling || statement.empty === true }).toEqual({ ...statement, telling: true });
  });

  async function run(statement: Statement, values: Readonly<Record<string, unknown>>): Promise<Outcome> {
    executed += 1;
    if (/^[\s(]*(select|with)\b/i.test(statement.sql)) {
      const mysql = await both.readMysql(statement, values);
      expect({ values, outcome: comparable(statement, await both.runStore(statement, values)) }).toEqual({
        values,
        outcome: comparable(statement, mysql),
      });
      return mysql;
    }
    const mysql = await both.writeMysql(statement, values);
    const { guards, ownedGuards, ...dynamo } = await both.writeStore(statement, values);
    expect({ values, ...dynamo }).toEqual({ values, ...mysql });
    expect(guards).toEqual(ownedGuards);
    return mysql.outcome;
  }

  /** What is refused is good SQL for MySQL, and an error of its own in DynamoDB. */
  async function refuse(statement: Statement, values: Readonly<Record<string, unknown>>): Promise<Outcome> {
    await expect(world.compiled.get(statement.id)?.run(world.store, values)).rejects.toMatchObject({
      code: 'STORE_NOT_COMPILED',
    });
    return (await both.writeMysql(statement, values)).outcome;
  }
});

function expected({ plan, refused }: Statement): { plan?: string; refused?: string } {
  return { ...(plan === undefined ? {} : { plan }), ...(refused === undefined ? {} : { refused }) };
}

/** Whether an outcome could have differed: rows were found, something was changed, or an error was given. */
function tells(outcome: Outcome): boolean {
  if ('rows' in outcome) return outcome.rows.length > 0;
  return 'code' in outcome || outcome.affectedRows > 0;
}
