import { constants } from 'node:fs';
import { access, cp, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { runCommandOrFail } from './commands.ts';

interface LockedPackage {
  readonly version?: string;
  readonly integrity?: string;
  readonly optional?: boolean;
  readonly link?: boolean;
}

/**
 * Gives the work tree its `node_modules`: a copy of the original's where those are exactly what the lockfile asks for
 * (seconds instead of minutes, and no network), else by the plan's own install command.
 */
export async function installDependencies(options: {
  /** The user's own folder. */
  readonly original: string;
  /** The application in the work tree. */
  readonly application: string;
  readonly install?: string;
  readonly signal?: AbortSignal;
  readonly secrets?: readonly string[];
}): Promise<'present' | 'copied' | 'installed' | 'nothing to install'> {
  if (await matchesLockfile(options.application, options.application)) return 'present';
  const target = path.join(options.application, 'node_modules');
  if (await matchesLockfile(options.original, options.application)) {
    await rm(target, { recursive: true, force: true });
    // Cloned blocks where the file system can; never links, which would let a tool write into the user's own files.
    await cp(path.join(options.original, 'node_modules'), target, {
      recursive: true,
      verbatimSymlinks: true,
      mode: constants.COPYFILE_FICLONE,
    });
    return 'copied';
  }
  if (options.install === undefined) return 'nothing to install';
  await runCommandOrFail(options.install, {
    cwd: options.application,
    ...(options.signal === undefined ? {} : { signal: options.signal }),
    ...(options.secrets === undefined ? {} : { secrets: options.secrets }),
  });
  return 'installed';
}

/** Whether the packages installed in `folder` are those of the npm lockfile in `lockFolder`, one by one. */
async function matchesLockfile(folder: string, lockFolder: string): Promise<boolean> {
  const wanted = await packagesOf(path.join(lockFolder, 'package-lock.json'));
  const found = await packagesOf(path.join(folder, 'node_modules', '.package-lock.json'));
  if (wanted === undefined || found === undefined) return false;
  for (const [name, entry] of Object.entries(wanted)) {
    if (name === '') continue;
    const have = found[name];
    if (have === undefined) {
      // npm leaves packages of other platforms out.
      if (entry.optional === true) continue;
      return false;
    }
    if (have.link === true || have.version !== entry.version || have.integrity !== entry.integrity) return false;
  }
  return Object.keys(found).every((name) => wanted[name] !== undefined);
}

async function packagesOf(file: string): Promise<Record<string, LockedPackage> | undefined> {
  try {
    await access(file);
    const lock = JSON.parse(await readFile(file, 'utf8')) as { packages?: Record<string, LockedPackage> };
    return lock.packages;
  } catch {
    return undefined;
  }
}
