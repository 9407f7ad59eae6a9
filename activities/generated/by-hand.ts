import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { DataAccessLayer } from '../../core/data-access.ts';
import { CutoverError } from '../../core/errors/index.ts';
import type { StageContext } from '../../core/stage.ts';
import { git, type WorkTree } from '../application/index.ts';

/** A file below `F/dynamodb/by-hand/`. */
export interface HandFile {
  /** Relative to that folder, with `/`: `products/topSellers.ts` is the method topSellers of products. */
  readonly path: string;
  readonly content: string;
}

/** A method that is taken from a file, and not compiled. */
export interface HandMethod {
  readonly aggregate: string;
  readonly name: string;
  /** Relative to the folder for work by hand. */
  readonly path: string;
}

const SOURCE = /\.[cm]?[jt]s$/;

/** The folder for work by hand, relative to the application, with `/`. */
export function handFolder(layer: Pick<DataAccessLayer, 'folder'>): string {
  return `${layer.folder}/dynamodb/by-hand`;
}

/**
 * The methods that files name. A folder with the name of an aggregate holds methods alone; whatever else lies in the
 * folder is help for them.
 *
 * @throws CutoverError `compile.by-hand-unknown` for a file that names no method, so that nothing is written in vain.
 */
export function handMethods(layer: DataAccessLayer, files: readonly Pick<HandFile, 'path'>[]): HandMethod[] {
  const aggregates = new Set(layer.methods.map(({ aggregate }) => aggregate));
  return files.flatMap(({ path: file }) => {
    const [aggregate = '', ...rest] = file.split('/');
    if (rest.length === 0 || !aggregates.has(aggregate)) return [];
    const name = rest.join('/').replace(SOURCE, '');
    if (layer.methods.some((method) => method.aggregate === aggregate && method.name === name))
      return [{ aggregate, name, path: file }];
    const known = layer.methods.filter((method) => method.aggregate === aggregate).map((method) => method.name);
    throw new CutoverError('compile.by-hand-unknown', {
      where: `${handFolder(layer)}/${file}`,
      detail: `${aggregate} has no method of this name. It has: ${known.join(', ')}.`,
    });
  });
}

/** The files of the branch, committed or not, in order of their names. */
export async function readHandFiles(folder: string): Promise<HandFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).replaceAll(path.sep, '/'))
    .sort();
  return Promise.all(
    files.map(async (file) => ({ path: file, content: await readFile(path.join(folder, file), 'utf8') })),
  );
}

/** Makes the folder hold exactly these files. */
export async function writeHandFiles(folder: string, files: readonly HandFile[]): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  for (const file of files) {
    const full = path.join(folder, file.path);
    await mkdir(path.dirname(full), { recursive: true });
    await writeFile(full, file.content);
  }
}

/**
 * What is written by hand on the branch, committed or not; a copy is kept outside of the branch, which rollbacks take
 * away. Where the branch stands where
 * stage 3 left it and has nothing, it was made anew: then the copy counts.
 */
export async function keepHandFiles(
  context: StageContext,
  tree: WorkTree,
  layer: DataAccessLayer,
): Promise<readonly HandFile[]> {
  const copy = path.join(await handRecords(context), 'files');
  const files = await readHandFiles(path.join(tree.application, handFolder(layer)));
  const head = await git(tree.folder, ['rev-parse', 'HEAD']);
  if (files.length === 0 && head === layer.commit) return readHandFiles(copy);
  await writeHandFiles(copy, files);
  return files;
}

/** Folder of what is known of work by hand beside the branch. */
export async function handRecords(context: StageContext): Promise<string> {
  return context.artifacts.workFolder('by-hand');
}
