import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as prettier from 'prettier';
import { inLanguage } from '../../generated/language.ts';
import type { PlannedMove } from './source.ts';
import { textAfter } from '../move/edits.ts';

/** Formats as the application does; text that its formatter can't read is a defect of ours and said so. */
async function formatted(root: string, file: string, text: string): Promise<string> {
  const absolute = path.join(root, file);
  const options = await prettier.resolveConfig(absolute, { editorconfig: true });
  return prettier.format(text, { ...options, filepath: absolute });
}

/** Whether the application keeps a file in its formatter's form; only then may we format it. */
async function isFormatted(root: string, file: string, text: string): Promise<boolean> {
  try {
    return (await formatted(root, file, text)) === text;
  } catch {
    return false;
  }
}

/** Makes the application's files what they are after a step. */
export async function writeFilesOfStep(root: string, move: PlannedMove, step: number): Promise<void> {
  const { edits, created, deleted } = move.changes;
  for (const [file, list] of edits) {
    const original = move.originals.get(file) ?? '';
    const text = textAfter(original, list, step);
    if (text === original) continue;
    await put(root, file, (await isFormatted(root, file, original)) ? await formatted(root, file, text) : text);
  }
  for (const { path: file, step: since } of deleted)
    if (since <= step) await rm(path.join(root, file), { force: true });
  const due = created.filter((one) => one.step <= step);
  for (const one of due) {
    const isLatest = !due.some((other) => other.path === one.path && other.step > one.step);
    if (!isLatest) continue;
    const file = await inLanguage(one, { ...move.layout, importSuffix: move.layout.suffix });
    if (file !== undefined) await put(root, file.path, await formatted(root, file.path, file.text));
  }
}

/** Writes one file in the application's form. */
export async function writeFormatted(root: string, file: string, text: string): Promise<void> {
  await put(root, file, await formatted(root, file, text));
}

async function put(root: string, file: string, text: string): Promise<void> {
  const absolute = path.join(root, file);
  await mkdir(path.dirname(absolute), { recursive: true });
  await writeFile(absolute, text);
}
