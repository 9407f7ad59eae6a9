import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { stat } from 'node:fs/promises';
import type { ApplicationLanguage } from '../../generated/language.ts';

/** The application's own way of testing, as far as generated tests need it. */
export interface TestFramework {
  readonly name: 'jest' | 'vitest' | 'node:test';
  /** What generated tests are written in. */
  readonly language: ApplicationLanguage;
  /** Folder of the generated tests, relative to the application, with `/`. */
  readonly folder: string;
  /** End of a test file's name: one that the application's own run does not take up. */
  readonly fileEnd: string;
  /** What the framework must be told to find the files, beside them; undefined where it needs nothing. */
  readonly settings?: { readonly path: string; readonly content: string };
  /** First lines of a test file. */
  readonly imports: readonly string[];
  /** Source of an assertion that two values are deeply equal. */
  readonly equal: (actual: string, expected: string) => string;
  /** Name of the hook that runs after all tests of a file. */
  readonly afterAll: 'after' | 'afterAll';
  /** Command that runs the files, all in one process where that can be, and leaves its results in a file. */
  readonly command: (files: readonly string[], results: string) => string;
  /** The npm script for people. */
  readonly script: string;
  /** Results by name of test, from what {@link command} left. */
  readonly parse: (text: string) => ReadonlyMap<string, boolean>;
}

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/** jest or vitest when the application depends on it, else what Node itself brings. */
export async function testFramework(application: string, language: ApplicationLanguage): Promise<TestFramework> {
  const manifest = JSON.parse(await readFile(path.join(application, 'package.json'), 'utf8')) as Manifest;
  const packages = new Set(Object.keys({ ...manifest.dependencies, ...manifest.devDependencies }));
  let home = 'tests';
  for (const candidate of ['test', '__tests__', 'spec', 'tests']) {
    if (await isFolder(path.join(application, candidate))) home = candidate;
  }
  const folder = `${home}/dal`;
  if (packages.has('vitest')) return vitest(folder, language);
  if (packages.has('jest')) return jest(folder, language);
  return nodeTest(folder, language, packages.has('tsx'));
}

function nodeTest(folder: string, language: ApplicationLanguage, tsx: boolean): TestFramework {
  const node = tsx ? 'node --import tsx' : 'node';
  // Without arguments node runs every `.test.js` that there is.
  const fileEnd = isTyped(language) ? '.test.ts' : '.dal.js';
  return {
    name: 'node:test',
    language,
    folder,
    fileEnd,
    imports: ["import assert from 'node:assert/strict';", "import { after, test } from 'node:test';"],
    equal: (actual, expected) => `assert.deepEqual(${actual}, ${expected});`,
    afterAll: 'after',
    // A process for each file takes longer than the tests themselves.
    command: (files, results) =>
      `${node} --test-reporter=tap --test-reporter-destination=${quoted(results)} ${files
        .slice(0, -1)
        .map((file) => `--import ${quoted(`./${file}`)}`)
        .join(' ')} ${quoted(files.at(-1) ?? '')}`,
    script: `${node} --test ${folder}/*${fileEnd}`,
    parse: parseTap,
  };
}

function vitest(folder: string, language: ApplicationLanguage): TestFramework {
  const settings = `vitest.config.${isTyped(language) ? 'ts' : 'mjs'}`;
  const config = `${folder}/${settings}`;
  const fileEnd = isTyped(language) ? '.dal.ts' : '.dal.js';
  return {
    name: 'vitest',
    language,
    folder,
    fileEnd,
    settings: {
      path: settings,
      // One database: files in parallel would wait for each other's locks.
      content: `import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: { include: ['${folder}/*${fileEnd}'], fileParallelism: false, testTimeout: 60_000 },
});
`,
    },
    imports: ["import { afterAll, expect, test } from 'vitest';"],
    equal: (actual, expected) => `expect(${actual}).toEqual(${expected});`,
    afterAll: 'afterAll',
    // Its TAP reporter prints, whatever --outputFile says.
    command: (files, results) =>
      `npx --no-install vitest run --config ${config} --reporter=tap-flat ${files.map(quoted).join(' ')} > ${quoted(results)}`,
    script: `vitest run --config ${config}`,
    parse: parseTap,
  };
}

function jest(folder: string, language: ApplicationLanguage): TestFramework {
  const fileEnd = isTyped(language) ? '.dal.ts' : '.dal.js';
  return {
    name: 'jest',
    language,
    folder,
    fileEnd,
    imports: ["import { afterAll, expect, test } from '@jest/globals';"],
    equal: (actual, expected) => `expect(${actual}).toEqual(${expected});`,
    afterAll: 'afterAll',
    command: (files, results) =>
      `npx --no-install jest --json --outputFile=${quoted(results)} --runTestsByPath ${files.map(quoted).join(' ')}`,
    script: `jest --testMatch '**/${folder}/*${fileEnd}'`,
    parse: parseJest,
  };
}

function isTyped({ language }: ApplicationLanguage): boolean {
  return language === 'typescript';
}

/** `ok 1 - name` and `not ok 1 - name`; vitest puts the file's name in front. */
export function parseTap(text: string): ReadonlyMap<string, boolean> {
  const results = new Map<string, boolean>();
  for (const [, not, name = ''] of text.matchAll(/^\s*(not )?ok \d+ - (.*)$/gm)) {
    const plain = (
      name
        .replace(/ # .*$/, '')
        .split(' > ')
        .at(-1) ?? ''
    )
      .replaceAll('\\', '')
      .trim();
    results.set(plain, not === undefined);
  }
  return results;
}

export function parseJest(text: string): ReadonlyMap<string, boolean> {
  const report = JSON.parse(text) as {
    testResults: { assertionResults: { fullName: string; status: string }[] }[];
  };
  return new Map(
    report.testResults.flatMap(({ assertionResults }) =>
      assertionResults.map(({ fullName, status }) => [fullName, status === 'passed'] as const),
    ),
  );
}

function quoted(word: string): string {
  return JSON.stringify(word);
}

async function isFolder(folder: string): Promise<boolean> {
  return stat(folder).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
