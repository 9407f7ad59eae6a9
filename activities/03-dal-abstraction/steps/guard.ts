import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { CutoverError } from '../../../core/errors/index.ts';
import { guardTest, testConventions } from '../guard/guard-test.ts';
import { ESLINT_CONFIGS, withLintRule, type GuardPlaces } from '../guard/lint-rule.ts';
import { readIfThere } from './source.ts';
import { writeFormatted } from './write-files.ts';

/** Step 8: a lint rule and a test, in the application's own tools. Says what could be done. */
export async function writeGuards(root: string, places: GuardPlaces): Promise<string[]> {
  const notes = [await writeRule(root, places), await writeTest(root, places)].filter((note) => note !== undefined);
  if (notes.length === 0) {
    throw new CutoverError('dal.unsupported-shape', {
      where: root,
      detail:
        'It has neither a flat ESLint configuration nor tests of node:test, jest or vitest to keep the driver out.',
    });
  }
  return notes;
}

async function writeRule(root: string, places: GuardPlaces): Promise<string | undefined> {
  for (const name of ESLINT_CONFIGS) {
    const config = await readIfThere(path.join(root, name));
    const changed = config === undefined ? undefined : withLintRule(config, places);
    if (changed === undefined) continue;
    await writeFormatted(root, name, changed);
    return `lint rule no-restricted-imports in ${name}`;
  }
  return undefined;
}

async function writeTest(root: string, places: GuardPlaces): Promise<string | undefined> {
  const names = (await readdir(root, { recursive: true })).map((name) => name.split(path.sep).join('/'));
  const candidates = names.filter(
    (name) => /\.[cm]?[jt]s$/.test(name) && !/(^|\/)(node_modules|dist|build|coverage|\.git)\//.test(name),
  );
  const files = new Map<string, string>();
  for (const name of candidates.sort()) {
    const isSource = places.sources.some((source) => name.startsWith(`${source}/`));
    if (isSource && !/\.(test|spec)\.[cm]?[jt]s$/.test(name)) continue;
    files.set(name, (await readIfThere(path.join(root, name))) ?? '');
  }
  const packageJson = (await readIfThere(path.join(root, 'package.json'))) ?? '{}';
  const conventions = testConventions(files, packageJson);
  if (conventions === undefined) return undefined;
  const changed = guardTest(conventions, places);
  for (const file of changed) await writeFormatted(root, file.path, file.text);
  return `test ${changed[0]?.path ?? ''}`;
}
