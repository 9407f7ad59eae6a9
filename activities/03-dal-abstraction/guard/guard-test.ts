import path from 'node:path';
import type { GuardPlaces } from './lint-rule.ts';

/** The test frameworks for which a test can be written. */
export type TestFramework = 'node:test' | 'jest' | 'vitest';

/** What is known of the application's tests. */
export interface TestConventions {
  readonly framework: TestFramework;
  /** Folder of the test files, relative to the application. */
  readonly folder: string;
  /** `.test.ts`, `.spec.js` … */
  readonly ending: string;
  readonly isModule: boolean;
  /** A file that imports every test, one by one, and its form of import; a new test must be added to it. */
  readonly list?: { readonly path: string; readonly text: string };
}

/** Reads the conventions off the application's test files; undefined where there are none, or of another framework. */
export function testConventions(files: ReadonlyMap<string, string>, packageJson: string): TestConventions | undefined {
  const tests = [...files.keys()].filter((file) => /\.(test|spec)\.[cm]?[jt]s$/.test(file)).sort();
  const [first] = tests;
  if (first === undefined) return undefined;
  const all = tests.map((file) => files.get(file) ?? '').join('\n');
  const settings = JSON.parse(packageJson) as Record<string, unknown>;
  const packages = JSON.stringify([settings['dependencies'], settings['devDependencies']]);
  const framework: TestFramework | undefined = /['"]node:test['"]/.test(all)
    ? 'node:test'
    : packages.includes('"vitest"')
      ? 'vitest'
      : packages.includes('"jest"')
        ? 'jest'
        : undefined;
  if (framework === undefined) return undefined;
  const folder = path.posix.dirname(first);
  const ending = /\.(test|spec)\.[cm]?[jt]s$/.exec(first)?.[0] ?? '.test.ts';
  const beside = tests.filter((file) => path.posix.dirname(file) === folder);
  const list = [...files].find(
    ([file, text]) =>
      !tests.includes(file) &&
      beside.every((test) => text.includes(`import './${path.posix.basename(test).replace(/\.[cm]?[jt]s$/, '')}`)),
  );
  return {
    framework,
    folder,
    ending,
    isModule: settings['type'] === 'module' || /^\s*import .* from /m.test(all),
    ...(list === undefined ? {} : { list: { path: list[0], text: list[1] } }),
  };
}

/** The test that keeps the driver where it belongs, and the files that change for it. */
export function guardTest(conventions: TestConventions, places: GuardPlaces): { path: string; text: string }[] {
  const file = `${conventions.folder}/data-access${conventions.ending}`;
  const changed = [{ path: file, text: testText(conventions, places) }];
  const { list } = conventions;
  if (list === undefined) return changed;
  const lines = list.text.split('\n');
  const last = lines.findLastIndex((line) => /^import '\.\/.*(test|spec)/.test(line));
  const like = lines[last] ?? '';
  lines.splice(last + 1, 0, like.replace(/\.\/[^']*?(?=\.(test|spec))/, './data-access'));
  return [...changed, { path: list.path, text: lines.join('\n') }];
}

function testText(conventions: TestConventions, places: GuardPlaces): string {
  const up = path.posix.relative(conventions.folder, '.') || '.';
  const typed = /\.[cm]?ts$/.test(conventions.ending);
  const { framework, isModule } = conventions;
  const load = (names: string, from: string): string =>
    isModule ? `import ${names} from '${from}';` : `const ${names} = require('${from}');`;
  const head = [
    ...(framework === 'node:test' ? [load('assert', 'node:assert/strict')] : []),
    load('{ readdirSync, readFileSync }', 'node:fs'),
    load('path', 'node:path'),
    ...(framework === 'node:test' ? [load('{ describe, it }', 'node:test')] : []),
    ...(isModule && framework !== 'jest' ? [load('{ fileURLToPath }', 'node:url')] : []),
    ...(framework === 'vitest' ? [load('{ describe, expect, it }', 'vitest')] : []),
  ];
  const root =
    isModule && framework !== 'jest'
      ? `fileURLToPath(new URL('${up}/', import.meta.url))`
      : `path.join(__dirname, '${up}')`;
  const check = framework === 'node:test' ? 'assert.deepEqual(reaching, [])' : 'expect(reaching).toEqual([])';
  const sources = places.sources.map((source) => `'${source}'`).join(', ');
  return `${head.join('\n')}

const ROOT = ${root};
const DRIVER = /(?:from|import|require)\\s*\\(?\\s*['"]mysql2?(?:\\/[^'"]*)?['"]/;

/** The source files of a folder, as paths from the application's own. */
function filesOf(folder${typed ? ': string' : ''})${typed ? ': string[]' : ''} {
  return readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\\.[cm]?[jt]s$/.test(file))
    .map((file) => path.posix.join(folder, file.split(path.sep).join('/')));
}

describe('data access', () => {
  it('reaches the driver in ${places.allowed} only', () => {
    const reaching = [${sources}]
      .flatMap(filesOf)
      .filter((file) => !file.startsWith('${places.allowed}/') && DRIVER.test(readFileSync(path.join(ROOT, file), 'utf8')));
    ${check};
  });
});
`;
}
