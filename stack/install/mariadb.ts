import path from 'node:path';
import type { StackLog } from '../base/types.ts';
import { installedFacts, installOnce } from './folder.ts';
import { unpackDebian, type DebianPackages } from './mysql-debian.ts';
import { debianServer } from './mysql-unpacked.ts';
import { versionOf, type MysqlProgram } from './mysql.ts';

/** The suite that has MariaDB 10.11. */
const PACKAGES: DebianPackages = {
  suite: 'bookworm',
  names: ['mariadb-server-core'],
  kept: 'mariadb-bookworm',
};

const FOLDER = 'mariadb-server-10.11';

/** Debian's MariaDB 10.11, unpacked as no system package. */
export async function installMariadb(log: StackLog): Promise<MysqlProgram> {
  const root = await installOnce(FOLDER, log, async (dir) => {
    await unpackDebian(dir, PACKAGES, log);
    return { version: await versionOf(unpacked(dir, '')) };
  });
  return unpacked(root, installedFacts(FOLDER)['version'] ?? 'unknown');
}

function unpacked(root: string, version: string): MysqlProgram {
  const share = path.join(root, 'usr/share/mysql');
  return {
    ...debianServer(root, 'mariadbd'),
    version,
    isMysql: false,
    bootstrap: ['mysql_system_tables.sql', 'mysql_performance_tables.sql', 'mysql_system_tables_data.sql'].map((file) =>
      path.join(share, file),
    ),
  };
}
