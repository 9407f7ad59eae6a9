import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** Written beside the work tree: makes a later activity, or another worker, find what was opened. */
export interface Marker {
  readonly root: string;
  readonly prefix: string;
  readonly branch: string;
  readonly base: string;
}

const markerFile = (workFolder: string): string => path.join(workFolder, 'work-tree.json');

/** The work tree's folder in the migration's work folder. */
export const treeFolder = (workFolder: string): string => path.join(workFolder, 'tree');

export async function readMarker(workFolder: string): Promise<Marker | undefined> {
  try {
    return JSON.parse(await readFile(markerFile(workFolder), 'utf8')) as Marker;
  } catch {
    return undefined;
  }
}

export async function writeMarker(workFolder: string, marker: Marker): Promise<void> {
  await mkdir(workFolder, { recursive: true });
  await writeFile(markerFile(workFolder), `${JSON.stringify(marker, null, 2)}\n`);
}

export async function forgetMarker(workFolder: string): Promise<void> {
  await rm(markerFile(workFolder), { force: true });
}
