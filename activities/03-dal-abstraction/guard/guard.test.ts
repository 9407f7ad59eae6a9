import { describe, expect, it } from '@jest/globals';
import { guardTest, testConventions } from './guard-test.ts';
import { withLintRule } from './lint-rule.ts';

const places = { sources: ['src'], allowed: 'src/dal/mysql' };

describe('the lint rule', () => {
  it.each([
    ['a list', 'export default [\n  { rules: {} },\n];\n'],
    ['a function of entries', "import c from 'x';\nexport default c.config(c.a, { rules: {} });\n"],
    ['a function of a list', 'export default defineConfig([{ rules: {} }]);\n'],
  ])('is added to %s', (_name, config) => {
    const changed = withLintRule(config, places) ?? '';
    expect(changed).toContain("rules: { 'no-restricted-imports'");
    expect(changed.indexOf('no-restricted-imports')).toBeGreaterThan(changed.indexOf('rules: {}'));
  });

  it('is not added twice, nor where the application restricts imports, nor to what is not understood', () => {
    expect(withLintRule("export default [{ rules: { 'no-restricted-imports': 'error' } }];", places)).toBeUndefined();
    expect(withLintRule('export default load();', places)).toBeUndefined();
    expect(withLintRule('module.exports = {};', places)).toBeUndefined();
  });
});

describe('the test', () => {
  it('is written in the framework at hand and put on the list of tests', () => {
    const files = new Map([
      ['tests/a.test.ts', "import { it } from 'node:test';"],
      ['tests/b.test.ts', "import { it } from 'node:test';"],
      ['tests/all.ts', "// All.\nimport './a.test.js';\nimport './b.test.js';\n"],
    ]);
    const conventions = testConventions(files, '{"type":"module"}');
    if (conventions === undefined) throw new Error('no conventions');
    const [test, list] = guardTest(conventions, places);
    expect(test?.path).toBe('tests/data-access.test.ts');
    expect(test?.text).toContain("from 'node:test'");
    expect(list).toEqual({
      path: 'tests/all.ts',
      text: "// All.\nimport './a.test.js';\nimport './b.test.js';\nimport './data-access.test.js';\n",
    });
  });

  it('knows what it does not know', () => {
    expect(testConventions(new Map([['a.test.js', "require('tape')"]]), '{}')).toBeUndefined();
    expect(testConventions(new Map(), '{}')).toBeUndefined();
  });
});
