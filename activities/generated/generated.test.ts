import { mkdtemp, readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { adaptImports, copyRuntime } from './copy-runtime.ts';
import { addStore } from './factory.ts';
import type { ApplicationLanguage } from './language.ts';

const TYPESCRIPT: ApplicationLanguage = { language: 'typescript', modules: 'esm', importSuffix: '.js' };

const FACTORY = `import { createMysqlDal } from './mysql/index.js';
import type { Dal } from './types.js';

export function createDal(): Dal {
  const store = process.env['DAL_STORE'] ?? 'mysql';
  switch (store) {
    case 'mysql':
      return createMysqlDal();
    default:
      throw new Error(store);
  }
}
`;
const STORE = {
  store: 'dynamodb',
  create: 'createDynamoDal()',
  imports: [{ names: ['createDynamoDal'], from: './dynamodb/index.js' }],
};

describe('adding a store to the factory', () => {
  test('puts its case before the default, and its import at the top', () => {
    const changed = addStore(FACTORY, STORE, 'index.ts', TYPESCRIPT);
    expect(changed).toContain(`      return createMysqlDal();
    case 'dynamodb':
      return createDynamoDal();
    default:`);
    expect(changed).toMatch(/import \{ createDynamoDal \} from ["']\.\/dynamodb\/index\.js["'];/);
  });

  test('twice is as once', () => {
    const once = addStore(FACTORY, STORE, 'index.ts', TYPESCRIPT);
    expect(addStore(once, STORE, 'index.ts', TYPESCRIPT)).toBe(once);
  });

  test('a factory that someone rewrote is refused', () => {
    expect(() => addStore('export const createDal = 1;', STORE, 'src/dal/index.ts', TYPESCRIPT)).toThrow(
      'src/dal/index.ts',
    );
  });
});

test('imports of a copied file take the suffix and the place of the application', () => {
  const text =
    "import { a } from './a.ts';\nexport * from '../store/b.ts';\nconst c = await import('./c.ts');\nimport d from 'd.ts';\n";
  expect(adaptImports(text, { application: TYPESCRIPT, paths: { '../store/': '../dynamodb/store/' } })).toBe(
    "import { a } from './a.js';\nexport * from '../dynamodb/store/b.js';\nconst c = await import('./c.js');\nimport d from 'd.ts';\n",
  );
});

test('a copied runtime has no tests and no import that is left with our suffix', async () => {
  const target = path.join(await mkdtemp(path.join(tmpdir(), 'cutover-copy-')), 'store');
  const files = await copyRuntime({ folder: 'store', target, application: TYPESCRIPT });
  expect((await readdir(target, { recursive: true })).filter((file) => file.endsWith('.test.ts'))).toEqual([]);
  for (const file of files) expect(await readFile(path.join(target, file), 'utf8')).not.toMatch(/from '\.[^']*\.ts'/);
});
