import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { locateCallSites } from './call-sites.ts';
import { BUILDERS } from './testing/builders.ts';
import { fixture, FIXTURE_ROOT } from './testing/fixture.ts';
import { asSent, render } from './testing/render.ts';
import { replayer } from './testing/replay.ts';

const file = (index: number): string => `src/run-${index}.ts`;
const project = fixture(
  Object.fromEntries(
    BUILDERS.map(({ code }, index) => [file(index), `import type { Pool } from 'mysql2/promise';\n${code}`]),
  ),
);
const found = locateCallSites(project, FIXTURE_ROOT);

/** The rebuilt template must say, for every input, what the original code says: both are run and compared. */
describe.each(BUILDERS.map((builder, index) => ({ ...builder, index })))('$name', ({ args, index }) => {
  const callSites = found.callSites.filter((each) => each.span.file === file(index));

  test('is resolved', () => {
    expect(found.unresolved.filter((each) => each.file === file(index))).toEqual([]);
    expect(callSites.length).toBeGreaterThan(0);
  });

  test('renders to what the application sends', async () => {
    const replay = replayer(project.getSourceFileOrThrow(`run-${index}.ts`), callSites);
    let compared = 0;
    await fc.assert(
      fc.asyncProperty(args, async (given) => {
        for (const { site, inputs, ...sent } of await replay(given)) {
          const located = callSites.find((each) => each.id === site);
          expect(asSent(render(located!.template, inputs))).toBe(asSent(sent));
          compared += 1;
        }
      }),
      { numRuns: 200 },
    );
    expect(compared).toBeGreaterThan(0);
  });
});
