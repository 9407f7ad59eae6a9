import mysql from 'mysql2/promise';
import { cpSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { removeDir } from '../base/paths.ts';
import { LOOPBACK } from '../base/ports.ts';
import type { MysqlEndpoint, MysqlServer, StackLog } from '../base/types.ts';
import { installMariadb } from '../install/mariadb.ts';
import { installMysql56 } from '../install/mysql-5.6.ts';
import { installMysql, type MysqlProgram } from '../install/mysql.ts';
import { installMysqlTemplate } from '../install/mysql-template.ts';
import { portOf, type PartContext, type PartDriver } from './driver.ts';

/**
 * Fast where it is safe for what we do: a killed server process loses no committed transaction, since the operating
 * system has the log already; a power cut may lose the last second. The binary log is off; whoever needs it passes
 * `args: ['--log-bin=binlog']`, as the last one wins.
 */
function serverArgs(context: PartContext, program: MysqlProgram, data: string): string[] {
  const both = [
    `--datadir=${data}`,
    `--port=${portOf(context, 'mysql')}`,
    `--bind-address=${LOOPBACK}`,
    // Relative to the data folder: the path of a Unix socket may have 107 characters only.
    '--socket=mysql.sock',
    '--pid-file=mysqld.pid',
    '--skip-name-resolve',
    '--default-time-zone=+00:00',
    '--character-set-server=utf8mb4',
    '--innodb-buffer-pool-size=64M',
    '--innodb-flush-log-at-trx-commit=2',
    '--skip-log-bin',
    '--log-output=FILE',
    `--general-log=${context.mysql.generalLog === true ? 'ON' : 'OFF'}`,
    `--general-log-file=${generalLogFile(context)}`,
  ];
  const current = program.isMysql && program.bootstrap === undefined;
  const only = current ? ['--mysqlx=OFF', '--innodb-redo-log-capacity=64M', '--secure-file-priv=NULL'] : [];
  return [...both, ...only, ...(context.mysql.args ?? [])];
}

function generalLogFile(context: PartContext): string {
  return path.join(context.dir, 'general.log');
}

const INSTALLERS: Readonly<Record<MysqlServer, (log: StackLog) => Promise<MysqlProgram>>> = {
  default: installMysql,
  'mariadb-10.11': installMariadb,
  'mysql-5.6': installMysql56,
};

/** A user that may do everything, created on every start (a kept data folder has it already). */
async function createUser(
  connection: mysql.Connection,
  user: { name: string; password: string },
  version: string,
): Promise<void> {
  const account = `${connection.escape(user.name)}@'%'`;
  if (version.startsWith('5.6.')) {
    // It has no CREATE USER IF NOT EXISTS: there a GRANT makes the user.
    const password = connection.escape(user.password);
    await connection.query(`GRANT ALL ON *.* TO ${account} IDENTIFIED BY ${password} WITH GRANT OPTION`);
    return;
  }
  await connection.query(`CREATE USER IF NOT EXISTS ${account} IDENTIFIED BY ${connection.escape(user.password)}`);
  await connection.query(`ALTER USER ${account} IDENTIFIED BY ${connection.escape(user.password)}`);
  await connection.query(`GRANT ALL ON *.* TO ${account} WITH GRANT OPTION`);
}

/** A real MySQL server over TCP on the loopback address only. */
export const mysqlDriver: PartDriver<MysqlEndpoint> = {
  part: 'mysql',
  ports: ['mysql'],
  graceMs: 60_000,

  async prepare(context) {
    const program = await INSTALLERS[context.mysql.server ?? 'default'](context.log);
    const data = path.join(context.dir, 'data');
    if (!existsSync(data)) {
      const template = await installMysqlTemplate(program, context.log);
      const draft = path.join(context.dir, 'data.draft');
      removeDir(draft);
      mkdirSync(context.dir, { recursive: true });
      cpSync(template, draft, { recursive: true });
      // Each instance makes its own server uuid.
      rmSync(path.join(draft, 'auto.cnf'), { force: true });
      renameSync(draft, data);
    }
    return {
      command: program.command,
      args: [...program.args, ...serverArgs(context, program, data)],
      cwd: context.dir,
    };
  },

  async check(context) {
    const port = portOf(context, 'mysql');
    const root = { host: LOOPBACK, port, user: 'root', password: '' };
    const connection = await mysql.createConnection({ ...root, connectTimeout: 2000 });
    try {
      const [rows] = await connection.query<mysql.RowDataPacket[]>('SELECT VERSION() AS version');
      const version = String(rows[0]?.['version']);
      const user = context.mysql.user;
      if (user !== undefined) await createUser(connection, user, version);
      const login = user === undefined ? root : { ...root, user: user.name, password: user.password };
      return { ...login, generalLogFile: generalLogFile(context), version, isMysql: !version.includes('MariaDB') };
    } finally {
      await connection.end();
    }
  },
};
