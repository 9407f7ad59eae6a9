/**
 * Tests the verification: makes the compiled implementation of a kept migration wrong in one way after the other, and
 * prints what caught it.
 *
 *   npm run lane:oracle -- <folder of a kept run of the demo or lane:application> [--only "name"] [--cases N]
 */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import {
  type Differential,
  differentialTest,
  unequal,
} from '../../activities/04-dynamodb-implementation/differential/index.ts';
import { git } from '../../activities/application/index.ts';
import { ensureInstalled, startStack } from '../../stack/index.ts';
import { ROOT } from '../demo/settings.ts';
import { openKept } from './oracle/kept.ts';
import { type Mutation, MUTATIONS } from './oracle/mutations.ts';

const { values, positionals } = parseArgs({
  options: { only: { type: 'string' }, cases: { type: 'string', default: '25' } },
  allowPositionals: true,
});
const log = { info: (text: string) => say(`  ${text}`), warn: (text: string) => say(`  ! ${text}`) };
await ensureInstalled(['mysql', 'aws'], log);
const stack = await startStack({ name: `oracle-${process.pid}`, parts: ['mysql', 'aws'], fresh: true, log });
let missed = 0;
try {
  const work = join(ROOT, '.cutover', `oracle-${process.pid}`);
  const { bench, settings, commit } = await openKept(resolve(positionals[0] ?? '.cutover/demo'), work, stack.endpoints);
  const { layer } = settings;
  const folder = join(bench.application, layer.folder, 'dynamodb');
  const run = (aggregate: string | undefined): Promise<Differential> =>
    differentialTest(bench, {
      ...settings,
      layer: {
        ...layer,
        methods: layer.methods.filter((method) => aggregate === undefined || method.aggregate === aggregate),
      },
      seed: 1,
      cases: Number(values.cases),
    });
  say('| mutation | place | caught by |\n|---|---|---|');
  const clean = await run(undefined);
  say(`| none | | ${unequal(clean) === 0 ? 'nothing, as it must be' : `**differs already**: ${evidence(clean)}`} |`);
  for (const mutation of MUTATIONS.filter(({ name }) => values.only === undefined || name === values.only)) {
    const place = await mutate(folder, mutation);
    if (place === undefined) {
      say(`| ${mutation.name} | | not applicable: ${mutation.otherwise} |`);
      continue;
    }
    const statements = mutation.in === 'statements';
    const found = beyond(clean, await run(statements ? place.replace(/\.\w+$/, '') : undefined));
    if (unequal(found) === 0) missed += 1;
    say(`| ${mutation.name} | ${place} | ${unequal(found) === 0 ? '**not caught**' : evidence(found)} |`);
    await git(bench.application, ['checkout', '--quiet', '--force', commit]);
  }
} finally {
  await stack.stop();
}
process.exitCode = missed === 0 ? 0 : 1;

/** Edits the first place that the mutation finds; gives the file's name. */
async function mutate(folder: string, { in: where, change }: Mutation): Promise<string | undefined> {
  const names =
    where === 'statements'
      ? (await readdir(folder)).filter((name) => /\.[cm]?[jt]s$/.test(name) && !/^(index|model)\./.test(name)).sort()
      : (await readdir(join(folder, 'store')))
          .map((name) => `store/${name}`)
          .filter((name) => name.startsWith(`${where}.`));
  for (const name of names) {
    const file = join(folder, name);
    const changed = change(await readFile(file, 'utf8'));
    if (changed === undefined) continue;
    await writeFile(file, changed);
    return name;
  }
  return undefined;
}

/** What differs although it did not before: only that speaks of the mutation. */
function beyond(clean: Differential, mutated: Differential): Differential {
  const known = new Set(clean.counterExamples.map(({ method }) => method));
  return {
    ...mutated,
    counterExamples: mutated.counterExamples.filter(({ method }) => !known.has(method)),
    rows: clean.rows.length === 0 ? mutated.rows : [],
  };
}

function evidence({ counterExamples, rows }: Differential): string {
  const [example] = counterExamples;
  const [row] = rows;
  const text =
    example === undefined
      ? `rows after ${row?.after}: ${row?.difference}`
      : `the differential test of ${example.method}: \`${JSON.stringify(example.input)}\``;
  return `${text.slice(0, 160).replaceAll('|', '\\|')} (${unequal({ counterExamples, rows } as Differential)} in all)`;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
