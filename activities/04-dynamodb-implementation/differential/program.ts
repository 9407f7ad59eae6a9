import type { DataAccessLayer, DataAccessMethod } from '../../../core/data-access.ts';
import type { SqlPart } from '../../../core/sql-template.ts';
import { layerModule } from '../tests/emit.ts';
import type { TestFramework } from '../tests/framework.ts';
import { ENCODE } from '../tests/values.ts';

/**
 * A test file that serves calls of the application's data access layer over a socket until it is closed: the layer runs
 * as the application's own tests run it, in its own process, whatever its language and module system are.
 */
export function servingProgram(
  layer: DataAccessLayer,
  framework: TestFramework,
  store: 'mysql' | 'dynamodb',
  socket: string,
): string {
  const module = (name: string): string => layerModule(layer, framework, name);
  return `// @ts-nocheck
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
${framework.imports.join('\n')}
import { createDal } from '${module('index')}';
${store === 'mysql' ? `import { createMysqlDal } from '${module('mysql/index')}';` : ''}

const dal = createDal();
const own = ${store === 'mysql' ? 'createMysqlDal()' : 'undefined'};
${framework.afterAll}(async () => {
  await dal.close();
  await own?.close();
});

${ENCODE}
${DECODE}
const WITHOUT_INPUT = new Set(${JSON.stringify(layer.methods.filter(({ inputs }) => inputs.length === 0).map(({ aggregate, name }) => `${aggregate}.${name}`))});
const STATEMENTS = {
${store === 'mysql' ? layer.methods.map(statementOf).join('\n') : ''}
};
const units = new Map();

async function call({ aggregate, method, input, unit }) {
  const given = WITHOUT_INPUT.has(aggregate + '.' + method) ? [] : [decode(input)];
  const answer = await dal[aggregate][method](...given, units.get(unit));
  if (Array.isArray(answer)) return { rows: encode(answer) };
  return { affectedRows: answer.affectedRows, changedRows: answer.changedRows, insertId: encode(answer.insertId) };
}

const STEPS = {
  call,
  async begin({ unit }) {
    const made = await dal.begin();
    units.set(unit, made);
    await made.begin();
  },
  commit: ({ unit }) => units.get(unit).commit(),
  rollback: ({ unit }) => units.get(unit).rollback(),
  release({ unit }) {
    units.get(unit)?.release();
    units.delete(unit);
  },
  statement: ({ aggregate, method, input }) => encode(STATEMENTS[aggregate + '.' + method](decode(input) ?? {})),
  async query({ sql }) {
    const pool = own.pool.promise === undefined ? own.pool : own.pool.promise();
    const [rows] = await pool.query(sql);
    return { rows: encode(rows) };
  },
};

async function step(given) {
  try {
    return (await STEPS[given.step](given)) ?? {};
  } catch (error) {
    return { code: error.code ?? 'none', message: String(error.stack ?? error.message).slice(0, 600) };
  }
}

test('serve', async () => {
  const socket = connect(${JSON.stringify(socket)});
  for await (const line of createInterface({ input: socket })) {
    const { id, steps } = JSON.parse(line);
    void (async () => {
      const answers = [];
      for (const given of steps) answers.push(await step(given));
      socket.write(JSON.stringify({ id, answers }) + '\\n');
    })();
  }
}${framework.name === 'node:test' ? '' : ', 3_600_000'});
`;
}

/** The other way of `encode`. */
const DECODE = `function decode(value) {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(decode);
  if (value.$ === 'undefined') return undefined;
  if (value.$ === 'bigint') return BigInt(value.text);
  if (value.$ === 'buffer') return Buffer.from(value.text, 'hex');
  if (value.$ === 'date') return new Date(value.text);
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, decode(each)]));
}`;

/** A method's statement as a function of its input: its text with `?`, and the values for them. */
function statementOf({ aggregate, name, inputs, template }: DataAccessMethod): string {
  return `  '${aggregate}.${name}'({ ${inputs.map((input) => input.name).join(', ')} }) {
    let $sql = '';
    const $values = [];
    const $put = (value) => { $sql += '?'; $values.push(value); };
    const $joined = (separator, items) => {
      const before = $sql;
      const made = items.map((item) => { $sql = ''; item(); return $sql; }).filter((text) => text !== '');
      $sql = before + made.join(separator);
    };
    ${template.parts.map(pieceOf).join('\n    ')}
    return { sql: $sql, values: $values };
  },`;
}

function pieceOf(part: SqlPart): string {
  switch (part.kind) {
    case 'text':
      return `$sql += ${JSON.stringify(part.text)};`;
    case 'parameter':
    case 'list':
    case 'rows':
      return `$put(${part.expression});`;
    case 'optional':
      return `if (${part.condition}) { ${part.parts.map(pieceOf).join(' ')} }`;
    case 'choice':
      return part.alternatives
        .map(({ condition, parts }) => `if (${condition}) { ${parts.map(pieceOf).join(' ')} }`)
        .join(' else ');
    case 'joined':
      return `$joined(${JSON.stringify(part.separator)}, [${part.items.map((item) => `() => { ${pieceOf(item)} }`).join(', ')}]);`;
  }
}
