import { readFile, rm, writeFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import path from 'node:path';
import type { DataAccessLayer } from '../../../core/data-access.ts';
import type { StageContext } from '../../../core/stage.ts';
import { tryGit, type WorkTree } from '../../application/index.ts';
import { handFolder, type HandFile, handRecords } from '../../generated/by-hand.ts';

// Beside the branch, so that it is known later who wrote a file, and whether anybody ever verified it.

/** Before an executor runs: what it leaves when the worker dies is nobody's work. */
export async function started(context: StageContext, file: string): Promise<void> {
  await writeFile(await place(context, 'running.json'), JSON.stringify({ file }));
}

export async function finished(context: StageContext): Promise<void> {
  await rm(await place(context, 'running.json'), { force: true });
}

/** Removes what an executor left that was not looked at to its end. */
export async function removeUnfinished(context: StageContext, tree: WorkTree): Promise<void> {
  const running = await read<{ file: string }>(await place(context, 'running.json'));
  if (running === undefined) return;
  const known = await tryGit(tree.application, ['ls-files', '--error-unmatch', '--', running.file]);
  if (known.exitCode !== 0) await rm(path.join(tree.application, running.file), { force: true });
  await finished(context);
}

/** Remembers that a file of the folder for work by hand is the executor's, as long as nobody changes it. */
export async function remember(
  context: StageContext,
  layer: DataAccessLayer,
  file: string,
  content: string,
): Promise<void> {
  const target = await place(context, 'executor.json');
  const known = (await read<Record<string, string>>(target)) ?? {};
  const name = file.slice(handFolder(layer).length + 1);
  await writeFile(target, JSON.stringify({ ...known, [name]: hash(content) }, null, 2));
}

/** Who wrote each of the files. */
export async function writers(
  context: StageContext,
  files: readonly HandFile[],
): Promise<ReadonlyMap<string, 'hand' | 'executor'>> {
  const known = (await read<Record<string, string>>(await place(context, 'executor.json'))) ?? {};
  return new Map(files.map(({ path: file, content }) => [file, known[file] === hash(content) ? 'executor' : 'hand']));
}

async function place(context: StageContext, name: string): Promise<string> {
  return path.join(await handRecords(context), name);
}

async function read<T>(file: string): Promise<T | undefined> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as T);
}

function hash(content: string): string {
  return createHash('sha256').update(content).digest('hex');
}
