import path from 'node:path';
import { StackError } from '../base/errors.ts';
import { partsDir } from '../base/paths.ts';
import { run, which } from '../base/run.ts';
import type { StackLog } from '../base/types.ts';
import { installedFacts, installOnce, isInstalled } from './folder.ts';
import { MYSQL_PACKAGES, unpackDebian } from './mysql-debian.ts';
import { asRoot, debianServer } from './mysql-unpacked.ts';

/** A MySQL server program with the arguments without which it doesn't even start. */
export interface MysqlProgram {
  readonly command: string;
  readonly args: readonly string[];
  readonly version: string;
  /** False for MariaDB. */
  readonly isMysql: boolean;
  /** SQL files that a server without `--initialize` makes its system tables from, in order. */
  readonly bootstrap?: readonly string[];
}

const FOLDER = 'mysql-server';

/** `Ver 9.7.4-2 for Linux`, or `Ver 10.11.6-MariaDB-0+deb12u1 for debian-linux-gnu`. */
function parseVersion(output: string): string | undefined {
  return /Ver (\S+)/.exec(output)?.[1];
}

/** Runs the server for its version alone: whether it runs here at all. */
export async function versionOf(program: MysqlProgram): Promise<string> {
  const said = await run(program.command, [...program.args, '--version']);
  const version = parseVersion(said.output);
  if (version !== undefined) return version;
  throw new StackError(
    'INSTALL_FAILED',
    `mysql: the unpacked server does not run here (${said.output.trim()}): put mysqld on PATH`,
    { part: 'mysql' },
  );
}

async function onPath(program: string): Promise<MysqlProgram | undefined> {
  const command = which(program);
  if (command === undefined) return undefined;
  const version = parseVersion((await run(command, ['--no-defaults', '--version'])).output);
  if (version === undefined) return undefined;
  return { command, args: ['--no-defaults', ...asRoot()], version, isMysql: !version.includes('MariaDB') };
}

/** How to run the unpacked server. */
function unpackedProgram(root: string, version: string): MysqlProgram {
  return { ...debianServer(root, 'mysqld'), version, isMysql: true };
}

async function installDebian(log: StackLog): Promise<MysqlProgram> {
  const root = await installOnce(FOLDER, log, async (dir) => {
    await unpackDebian(dir, MYSQL_PACKAGES, log);
    const version = await versionOf(unpackedProgram(dir, ''));
    log.info(`MySQL ${version} unpacked`);
    return { version };
  });
  return unpackedProgram(root, installedFacts(FOLDER)['version'] ?? 'unknown');
}

/**
 * The MySQL server to run: the one on PATH if it is MySQL, else Debian's, unpacked as no system package, and only as a
 * last resort a MariaDB on PATH, said aloud.
 */
export async function installMysql(log: StackLog): Promise<MysqlProgram> {
  const found = await onPath('mysqld');
  if (found?.isMysql === true) return found;
  if (isInstalled(FOLDER))
    return unpackedProgram(path.join(partsDir(), FOLDER), installedFacts(FOLDER)['version'] ?? 'unknown');
  try {
    return await installDebian(log);
  } catch (error) {
    const mariadb = found ?? (await onPath('mariadbd'));
    if (mariadb === undefined || !(error instanceof StackError)) throw error;
    log.warn(
      `NO REAL MYSQL: ${error.message}. Going on with MariaDB ${mariadb.version}, which differs from MySQL ` +
        '(FOR SHARE, utf8mb4_0900_ai_ci, JSON columns): take no result of this stack as proof for MySQL',
    );
    return mariadb;
  }
}
