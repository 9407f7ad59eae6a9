import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import ts from 'typescript';
import { locateCallSites } from './call-sites.ts';
import { BUILDERS } from './testing/builders.ts';
import { fixture, FIXTURE_ROOT } from './testing/fixture.ts';
import { asSent, render } from './testing/render.ts';
import { replayer } from './testing/replay.ts';

const seed = Number(process.env['CUTOVER_SEED'] ?? Date.now() % 2 ** 31);
process.stderr.write(`statements rebuilt from source: CUTOVER_SEED=${seed}\n`);

/** The same code as people write it without TypeScript: no type is left, and a caller tells what the pool is. */
function commonJs(code: string): string {
  const { outputText } = ts.transpileModule(code, {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022, removeComments: false },
  });
  return `const mysql = require('mysql2/promise');\n${outputText}\nexports.start = (...given) => run(mysql.createPool({}), ...given);\n`;
}

/** Without types nobody can tell that a text is one of two words, or that a value in the text is a number. */
const NEEDS_TYPES = new Set([
  'a map of allowed orders with a fallback',
  'constants, a union of directions and a quoted question mark',
]);

const FORMS = [
  {
    form: 'TypeScript',
    suffix: 'ts',
    written: (code: string) => `import type { Pool } from 'mysql2/promise';\n${code}`,
  },
  { form: 'CommonJS', suffix: 'cjs', written: commonJs },
] as const;

/** The rebuilt template must say, for every input, what the original code says: both are run and compared. */
describe.each(FORMS)('$form', ({ suffix, written }) => {
  const file = (index: number): string => `src/run-${index}.${suffix}`;
  const project = fixture(Object.fromEntries(BUILDERS.map(({ code }, index) => [file(index), written(code)])));
  const found = locateCallSites(project, FIXTURE_ROOT);

  describe.each(BUILDERS.map((builder, index) => ({ ...builder, index })))('$name', ({ name, args, index }) => {
    const callSites = found.callSites.filter((each) => each.span.file === file(index));
    const unresolved = found.unresolved.filter((each) => each.file === file(index));

    if (suffix === 'cjs' && NEEDS_TYPES.has(name)) {
      test('is said to be unresolved', () => {
        expect(callSites).toEqual([]);
        expect(unresolved.map((each) => each.reason)).toEqual([expect.stringMatching(/can't be told/)]);
      });
      return;
    }

    test('is resolved', () => {
      expect(unresolved).toEqual([]);
      expect(callSites.length).toBeGreaterThan(0);
    });

    test('renders to what the application sends', async () => {
      const replay = replayer(project.getSourceFileOrThrow(`run-${index}.${suffix}`), callSites);
      let compared = 0;
      await fc.assert(
        fc.asyncProperty(args, async (given) => {
          for (const { site, inputs, ...sent } of await replay(given)) {
            const located = callSites.find((each) => each.id === site);
            expect(asSent(render(located!.template, inputs))).toBe(asSent(sent));
            compared += 1;
          }
        }),
        { numRuns: 200, seed },
      );
      expect(compared).toBeGreaterThan(0);
    });
  });
});
