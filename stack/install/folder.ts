import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { withLock } from '../base/lock.ts';
import { partsDir, removeDir } from '../base/paths.ts';
import type { StackLog } from '../base/types.ts';

const MARKER = 'installed.json';

/** Longer than the slowest download we know; a dead holder is noticed at once, so this only bounds a live one. */
const LOCK_TIMEOUT_MS = 900_000;

/** Whether the folder of this name is completely installed. */
export function isInstalled(name: string): boolean {
  return existsSync(path.join(partsDir(), name, MARKER));
}

/** What `installOnce` noted about the folder. */
export function installedFacts(name: string): Record<string, string> {
  return JSON.parse(readFileSync(path.join(partsDir(), name, MARKER), 'utf8')) as Record<string, string>;
}

/**
 * Makes `parts/<name>` by `work`, once: in a temporary folder that is renamed when all is there, under a lock, so that
 * neither an interrupted nor a simultaneous install is ever taken for a complete one.
 * @returns the folder
 */
export async function installOnce(
  name: string,
  log: StackLog,
  work: (dir: string) => Promise<Record<string, string>>,
): Promise<string> {
  const target = path.join(partsDir(), name);
  if (isInstalled(name)) return target;
  const onWait = (holder: { pid: number }): void => {
    log.info(`waiting for process ${holder.pid}, which is installing ${name}`);
  };
  await withLock(path.join(partsDir(), `${name}.lock`), { timeoutMs: LOCK_TIMEOUT_MS, onWait }, async () => {
    if (isInstalled(name)) return;
    removeLeftovers(name);
    const draft = path.join(partsDir(), `.draft-${name}-${process.pid}`);
    removeDir(draft);
    mkdirSync(draft, { recursive: true });
    try {
      const facts = await work(draft);
      writeFileSync(path.join(draft, MARKER), `${JSON.stringify(facts, null, 2)}\n`);
      // A folder without the marker is what an older, interrupted install left.
      removeDir(target);
      renameSync(draft, target);
    } finally {
      removeDir(draft);
    }
  });
  return target;
}

/**
 * Drafts of this name belong to processes that died: whoever holds the lock is the only one at work. A downloader that
 * outlived its parent may still be writing there; then the next install removes it.
 */
function removeLeftovers(name: string): void {
  const prefix = `.draft-${name}-`;
  for (const entry of readdirSync(partsDir())) {
    if (!entry.startsWith(prefix) || !/^\d+$/.test(entry.slice(prefix.length))) continue;
    try {
      removeDir(path.join(partsDir(), entry));
    } catch {
      // In use: it is in nobody's way.
    }
  }
}
