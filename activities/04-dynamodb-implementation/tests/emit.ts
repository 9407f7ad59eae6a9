import type { DataAccessLayer } from '../../../core/data-access.ts';
import type { Case } from './cases.ts';
import type { TestFramework } from './framework.ts';
import { literal } from './values.ts';

/** One file of the generated tests, relative to their folder; not formatted yet. */
export interface TestFile {
  readonly path: string;
  readonly content: string;
}

/** Relative path from the tests' folder to a module of the data access layer. */
export function layerModule(layer: DataAccessLayer, framework: TestFramework, module: string): string {
  return `${'../'.repeat(framework.folder.split('/').length)}${layer.folder}/${module}${layer.importSuffix}`;
}

/** What all test files share: values made comparable, and writes that are undone. */
export function supportFile(layer: DataAccessLayer, framework: TestFramework): TestFile {
  return {
    path: 'support.ts',
    content: `import type { Dal, UnitOfWork } from '${layerModule(layer, framework, 'types')}';

/** Rows as plain data. */
export function plain(rows: readonly unknown[]): unknown[] {
  return rows.map((row) => {
    const entries = Object.entries(row ?? {}).map(([name, value]: [string, unknown]) => [name, simple(value)]);
    return Object.fromEntries(entries) as unknown;
  });
}

/**
 * Bytes as hex, dates as ISO text. Numbers as text, because MySQL gives a condition now as one, now as the other; and
 * without a fraction of zeros, which the driver gives or not.
 */
function simple(value: unknown): unknown {
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return value.replace(/^(\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d)\\.0+$/, '$1');
  if (Buffer.isBuffer(value)) return value.toString('hex');
  return value instanceof Date ? value.toISOString() : value;
}

/** Gives the number of rows that a write affects, or the code of its error, and undoes it. */
export async function undone(
  dal: Dal,
  write: (unit: UnitOfWork) => Promise<{ readonly affectedRows: number }>,
): Promise<{ affectedRows: number } | { code: unknown }> {
  const unit = await dal.begin();
  try {
    await unit.begin();
    try {
      const { affectedRows } = await write(unit);
      return { affectedRows };
    } catch (error) {
      if (!(error instanceof Error && 'code' in error)) throw error;
      return { code: error.code };
    } finally {
      await unit.rollback();
    }
  } finally {
    unit.release();
  }
}
`,
  };
}

/** The tests of one aggregate. */
export function testFile(
  layer: DataAccessLayer,
  framework: TestFramework,
  aggregate: string,
  cases: readonly Case[],
): TestFile {
  const helpers = [
    ...(cases.some(({ outcome }) => outcome.rows !== undefined) ? ['plain'] : []),
    ...(cases.some(({ outcome }) => outcome.rows === undefined) ? ['undone'] : []),
  ];
  return {
    path: `${aggregate}${framework.fileEnd}`,
    content: `${framework.imports.join('\n')}
import { createDal } from '${layerModule(layer, framework, 'index')}';
import { ${helpers.join(', ')} } from './support${layer.importSuffix}';

// On the state that the scratch database's prepare command makes; DAL_STORE says on which store.
const dal = createDal();
${framework.afterAll}(() => dal.close());

${cases.map((each) => testOf(framework, each)).join('\n\n')}
`,
  };
}

function testOf(framework: TestFramework, { name, call, outcome }: Case): string {
  const nothing = JSON.stringify(call.input) === '{"$":"undefined"}';
  const method = `dal.${call.aggregate}.${call.method}`;
  const input = literal(call.input);
  const body =
    outcome.rows === undefined
      ? `const result = await undone(dal, (unit) => ${method}(${nothing ? '' : `${input}, `}unit));
  ${framework.equal('result', outcome.code === undefined ? `{ affectedRows: ${outcome.affectedRows ?? 0} }` : `{ code: '${outcome.code}' }`)}`
      : `const rows = await ${method}(${nothing ? '' : input});
  ${framework.equal('plain(rows)', literal(outcome.rows))}`;
  return `test('${name}', async () => {
  ${body}
});`;
}

/** A stub with the exports of the compiled file: every method fails. */
export function stubFile(layer: DataAccessLayer, aggregate: string): string {
  const type = aggregate.charAt(0).toUpperCase() + aggregate.slice(1);
  const methods = layer.methods.filter((method) => method.aggregate === aggregate);
  return `import type { ${type} } from '../${aggregate}${layer.importSuffix}';
import type { Store } from './store/index${layer.importSuffix}';

function notImplemented(): Promise<never> {
  return Promise.reject(new Error('not implemented'));
}

/** Nothing is implemented yet. */
export const dynamo${type}: (store: Store) => ${type} = () => ({
${methods.map(({ name }) => `  ${name}: notImplemented,`).join('\n')}
});
`;
}
