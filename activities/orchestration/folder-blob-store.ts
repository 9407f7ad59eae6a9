import { randomUUID } from 'node:crypto';
import { lstat, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { CutoverError } from '../../core/errors/index.ts';
import type { BlobStore } from './blob-store.ts';
import { confinedName } from './names.ts';

/** Blobs as files below one folder. */
export class FolderBlobStore implements BlobStore {
  readonly location: string;

  constructor(folder: string) {
    this.location = path.resolve(folder);
  }

  async put(name: string, content: Uint8Array): Promise<void> {
    const file = await this.#fileOf(name);
    await available(name, async () => {
      await mkdir(path.dirname(file), { recursive: true });
      // Beside its final place, so that the rename stays within one file system and is atomic.
      const temporary = `${file}.${randomUUID()}.tmp`;
      try {
        await writeDurably(temporary, 'wx', content);
        await rename(temporary, file);
        await syncFolder(path.dirname(file));
      } finally {
        await rm(temporary, { force: true });
      }
    });
  }

  async get(name: string): Promise<Uint8Array | undefined> {
    const file = await this.#fileOf(name);
    return available(name, async () => {
      try {
        return await readFile(file);
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw error;
      }
    });
  }

  async append(name: string, read: Uint8Array, keep: number, added: Uint8Array): Promise<void> {
    const file = await this.#fileOf(name);
    await available(name, async () => {
      await mkdir(path.dirname(file), { recursive: true });
      const handle = await open(file, 'a');
      try {
        const { size } = await handle.stat();
        if (size !== read.length) throw new Error(`it changed meanwhile from ${read.length} to ${size} bytes`);
        if (keep < size) await handle.truncate(keep);
        await handle.appendFile(added);
        await handle.sync();
      } finally {
        await handle.close();
      }
      await syncFolder(path.dirname(file));
    });
  }

  async removeBelow(folder: string): Promise<void> {
    const target = await this.#fileOf(folder);
    await available(folder, () => rm(target, { recursive: true, force: true, maxRetries: 3 }));
  }

  /** Walks down to the file and refuses symbolic links, which could lead out of the store. */
  async #fileOf(name: string): Promise<string> {
    let current = this.location;
    for (const part of confinedName(name).split('/')) {
      current = path.join(current, part);
      const stats = await lstat(current).catch((error: unknown) => {
        if (isMissing(error)) return undefined;
        throw unavailable(name, error);
      });
      if (stats?.isSymbolicLink() === true) {
        throw new CutoverError('core.artifact-name', { where: name, detail: `${part} is a symbolic link.` });
      }
    }
    return current;
  }
}

async function writeDurably(file: string, flags: string, content: Uint8Array): Promise<void> {
  const handle = await open(file, flags);
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** A rename or a new file survives a power cut only when its folder was synced too. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function isMissing(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  return code === 'ENOENT' || code === 'ENOTDIR';
}

function unavailable(name: string, error: unknown): CutoverError {
  const detail = error instanceof Error ? error.message : String(error);
  return new CutoverError('core.store-unavailable', { where: name, detail, cause: error });
}

async function available<T>(name: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof CutoverError ? error : unavailable(name, error);
  }
}
