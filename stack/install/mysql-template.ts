import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { lastLine, StackError } from '../base/errors.ts';
import { run, which } from '../base/run.ts';
import type { StackLog } from '../base/types.ts';
import { installOnce } from './folder.ts';
import type { MysqlProgram } from './mysql.ts';

/** Raise it whenever the lines below change what is in an initialised data folder. */
const TEMPLATE = 1;

/** Root by TCP: the server is started without name look-ups, so `root@localhost` alone would be refused. */
const INIT_SQL = `CREATE USER 'root'@'127.0.0.1' IDENTIFIED BY '';
GRANT ALL ON *.* TO 'root'@'127.0.0.1' WITH GRANT OPTION;
`;

/**
 * An initialised data folder, made once for each server version. Initialising takes seconds, copying does not.
 * @returns the folder to copy
 */
export async function installMysqlTemplate(program: MysqlProgram, log: StackLog): Promise<string> {
  const name = `mysql-data-${program.version.replace(/[^A-Za-z0-9.-]/g, '_')}-${TEMPLATE}`;
  const dir = await installOnce(name, log, async (draft) => {
    log.info(`initialising a data folder for ${program.isMysql ? 'MySQL' : 'MariaDB'} ${program.version}`);
    const data = path.join(draft, 'data');
    const init = path.join(draft, 'init.sql');
    writeFileSync(init, INIT_SQL);
    const done = await initialise(program, data, init);
    if (done.code !== 0) {
      const error = done.output.split('\n').find((line) => /\[ERROR\]|^FATAL ERROR/.test(line)) ?? done.output;
      throw new StackError(
        'INSTALL_FAILED',
        `mysql: the server could not initialise its data (${lastLine(error)}): mend that, or check the free disk space`,
        { part: 'mysql' },
      );
    }
    return { version: program.version };
  });
  return path.join(dir, 'data');
}

function initialise(program: MysqlProgram, data: string, init: string): ReturnType<typeof run> {
  if (program.bootstrap !== undefined) return bootstrap(program, program.bootstrap, data);
  return program.isMysql ? initMysql(program, data, init) : initMariadb(data);
}

/**
 * What the server's own install script does, which would start the server without the libraries that it was unpacked
 * with: the server reads the SQL of its system tables from its input and ends.
 */
function bootstrap(program: MysqlProgram, files: readonly string[], data: string): ReturnType<typeof run> {
  mkdirSync(path.join(data, 'mysql'), { recursive: true });
  const input = ['USE mysql;', ...files.map((file) => readFileSync(file, 'utf8')), ''].join('\n');
  return run(program.command, [...program.args, `--datadir=${data}`, '--bootstrap'], { input });
}

/** `--innodb-redo-log-capacity` is small so that a copy is small; a running server may have more. */
function initMysql(program: MysqlProgram, data: string, init: string): ReturnType<typeof run> {
  return run(program.command, [
    ...program.args,
    `--datadir=${data}`,
    `--init-file=${init}`,
    '--character-set-server=utf8mb4',
    '--default-time-zone=+00:00',
    '--innodb-redo-log-capacity=16M',
    '--initialize-insecure',
  ]);
}

/** MariaDB initialises by a script of its own, which makes a password-less `root@127.0.0.1` by itself. */
async function initMariadb(data: string): ReturnType<typeof run> {
  const script = which('mariadb-install-db') ?? which('mysql_install_db');
  if (script === undefined) return { code: 127, output: '[ERROR] mariadb-install-db is not on PATH' };
  mkdirSync(data, { recursive: true });
  const args = ['--no-defaults', `--datadir=${data}`, '--auth-root-authentication-method=normal', '--skip-test-db'];
  return run(script, [...args, ...(process.getuid?.() === 0 ? ['--user=root'] : [])]);
}
