import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { copyRuntime } from './copy-runtime.ts';
import { addStore } from './factory.ts';
import { inLanguage, type ApplicationLanguage, type GeneratedFile } from './language.ts';

const MODULES: ApplicationLanguage = { language: 'javascript', modules: 'esm', importSuffix: '.js' };
const COMMONJS: ApplicationLanguage = { language: 'javascript', modules: 'commonjs', importSuffix: '', strict: true };

const SHELF = `import { createHash, type BinaryLike } from 'node:crypto';
import path from 'node:path';
import type { Box } from './box.ts';

/** How a shelf is made. */
export interface ShelfOptions extends Box {
  readonly boxes: readonly Box[];
}

/** One of three. */
export type Size = 'small' | 'large';

/** Only for us: gone without a trace. */
interface Hidden {
  readonly a: string;
}

const SEEN = new Map<string, Hidden>();

/** Holds boxes. */
export class Shelf<T extends Box = Box> implements Iterable<T> {
  readonly #boxes: T[] = [];
  private readonly label?: string;
  declare readonly kind: 'shelf';

  constructor(label: string) {
    // The label is kept.
    this.label = label;
  }

  add(box: T, ...more: readonly T[]): this;
  add(box: T): this {
    this.#boxes.push(box);
    return this;
  }

  get title(): string {
    return path.posix.join('/', this.label!);
  }

  [Symbol.iterator](): Iterator<T> {
    return (this.#boxes as unknown as T[]).values();
  }
}

/** The same text for the same bytes. */
export async function digest(bytes: BinaryLike, size?: Size): Promise<string> {
  SEEN.set('a', { a: 'b' } satisfies Hidden);
  const given = await Promise.resolve<BinaryLike>(bytes);
  return createHash('sha1').update(given).digest('hex').slice(0, size === 'small' ? 4 : 40);
}

export const LIMITS = { most: 3 } as const;
`;

/** Uses all of it, and asks for what there is. */
const MAIN = `import { digest, LIMITS, Shelf as Rack } from './shelf.ts';
export * from './shelf.ts';

export async function main(): Promise<unknown[]> {
  const rack = new Rack<{ n: number }>('top').add({ n: 1 }).add({ n: 2 });
  return [[...rack].map(({ n }) => n), rack.title, await digest('x', 'small'), LIMITS.most];
}
`;

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'cutover-language-'));
  await symlink(path.join(process.cwd(), 'node_modules'), path.join(folder, 'node_modules'));
});
afterAll(async () => rm(folder, { recursive: true, force: true }));

/** What node says when it runs a script beside files that were put into an application of this language. */
async function run(name: string, type: 'module' | 'commonjs', script: string): Promise<unknown> {
  const home = path.join(folder, name);
  await mkdir(home, { recursive: true });
  await writeFile(path.join(home, 'package.json'), JSON.stringify({ type }));
  await writeFile(path.join(home, 'run.js'), script);
  const { stdout } = await promisify(execFile)(process.execPath, ['run.js'], { cwd: home });
  return JSON.parse(stdout);
}

async function put(name: string, application: ApplicationLanguage, files: readonly GeneratedFile[]): Promise<void> {
  await mkdir(path.join(folder, name), { recursive: true });
  for (const { path: file, text } of files) {
    const adapted = { path: file, text: text.replaceAll(".ts'", `${application.importSuffix}'`) };
    const made = await inLanguage(adapted, application);
    if (made !== undefined) await writeFile(path.join(folder, name, made.path), made.text);
  }
}

const FILES = [
  { path: 'shelf.ts', text: SHELF },
  { path: 'main.ts', text: MAIN },
];
const ANSWER = [[1, 2], '/top', '11f6', 3];

describe('a generated file in the language of the application', () => {
  test('TypeScript stays as it is', async () => {
    const file = { path: 'shelf.ts', text: SHELF };
    expect(await inLanguage(file, { language: 'typescript', modules: 'esm', importSuffix: '.js' })).toBe(file);
  });

  test('ES modules run in node, with all that they export', async () => {
    await put('modules', MODULES, FILES);
    const script = `import * as all from './main.js';
console.log(JSON.stringify([await all.main(), Object.keys(all).sort()]));`;
    expect(await run('modules', 'module', script)).toEqual([ANSWER, ['LIMITS', 'Shelf', 'digest', 'main']]);
  });

  test('CommonJS runs in node, with all that it exports', async () => {
    await put('commonjs', COMMONJS, FILES);
    const script = `const all = require('./main');
all.main().then((answer) => console.log(JSON.stringify([answer, Object.keys(all).sort()])));`;
    expect(await run('commonjs', 'commonjs', script)).toEqual([ANSWER, ['LIMITS', 'Shelf', 'digest', 'main']]);
  });

  test('comments stay, types that are exported stay as JSDoc, others go with their comments', async () => {
    const { text = '' } = (await inLanguage({ path: 'shelf.ts', text: SHELF }, MODULES)) ?? {};
    expect(text).toContain('// The label is kept.');
    expect(text).toContain('/**\n * How a shelf is made.\n * @typedef {Box & { boxes: Box[]; }} ShelfOptions\n */');
    expect(text).toContain("/**\n * One of three.\n * @typedef {'small' | 'large'} Size\n */");
    expect(text).toContain("/** @import { Box } from './box.ts' */");
    expect(text).toContain(
      '/**\n * The same text for the same bytes.\n * @param {BinaryLike} bytes\n * @param {Size} [size]\n * @returns {Promise<string>}\n */',
    );
    expect(text).not.toMatch(/Hidden|gone without a trace|satisfies|implements|private|readonly label/);
  });

  test('CommonJS reads as such', async () => {
    const { path: name, text = '' } = (await inLanguage({ path: 'main.ts', text: MAIN }, COMMONJS)) ?? {};
    expect(name).toBe('main.js');
    expect(text).toMatch(/^'use strict';\n\nconst \{ digest, LIMITS, Shelf: Rack \} = require\('\.\/shelf\.ts'\);\n/);
    expect(text).toMatch(/\nmodule\.exports = \{ \.\.\.require\('\.\/shelf\.ts'\), main \};\n$/);
  });

  test('.cjs and .mjs keep their extension, and a file of nothing but private types is no file', async () => {
    const file = { path: 'a.ts', text: 'export const a: number = 1;\n' };
    expect(await inLanguage(file, { ...COMMONJS, importSuffix: '.cjs' })).toMatchObject({ path: 'a.cjs' });
    expect(await inLanguage(file, { ...MODULES, importSuffix: '.mjs' })).toMatchObject({ path: 'a.mjs' });
    expect(await inLanguage({ path: 'a.ts', text: 'interface A { a: string }\n' }, MODULES)).toBeUndefined();
  });

  test('what CommonJS can not have, and what does not erase, is a defect of ours and said so', async () => {
    const made = (text: string) => inLanguage({ path: 'a.ts', text }, COMMONJS);
    await expect(made('await Promise.resolve();\n')).rejects.toThrow("CommonJS can't have");
    await expect(made('export const a = import.meta.url;\n')).rejects.toThrow("CommonJS can't have");
    await expect(made('export enum A { b }\n')).rejects.toThrow("can't be erased");
  });
});

test.each([
  ['modules', MODULES, "import * as store from './store/index.js'; import * as flags from './flags/index.js';"],
  ['commonjs', COMMONJS, "const store = require('./store'); const flags = require('./flags');"],
] as const)('the runtime loads and computes as %s', async (name, application, imports) => {
  const home = `runtime-${name}`;
  for (const part of ['store', 'flags'])
    await copyRuntime({ folder: part, target: path.join(folder, home, part), application });
  const script = `${imports}
console.log(JSON.stringify([typeof store.Store.connect, typeof flags.createFlagsDal, Object.keys(store).length > 50]));`;
  expect(await run(home, name === 'modules' ? 'module' : 'commonjs', script)).toEqual(['function', 'function', true]);
});

test('a store is added to a CommonJS factory that node then runs', async () => {
  const factory = `'use strict';

const { createMysqlDal } = require('./mysql');

function createDal() {
  const store = process.env['DAL_STORE'] ?? 'mysql';
  switch (store) {
    case 'mysql':
      return createMysqlDal();
    default:
      throw new Error(store);
  }
}

module.exports = { createDal };
`;
  const imports = [{ names: ['createOther'], from: './other' }];
  const text = addStore(factory, { store: 'other', create: 'createOther<Dal>()', imports }, 'index.js', COMMONJS);
  await mkdir(path.join(folder, 'factory'), { recursive: true });
  await writeFile(path.join(folder, 'factory', 'index.js'), text);
  await writeFile(path.join(folder, 'factory', 'mysql.js'), "exports.createMysqlDal = () => 'mysql';\n");
  await writeFile(path.join(folder, 'factory', 'other.js'), "exports.createOther = () => 'other';\n");
  const script = `process.env.DAL_STORE = 'other'; console.log(JSON.stringify(require('./index').createDal()));`;
  expect(await run('factory', 'commonjs', script)).toBe('other');
});
