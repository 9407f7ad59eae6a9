import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { lastLine, StackError } from '../base/errors.ts';
import { partsDir, removeDir } from '../base/paths.ts';
import { run, which } from '../base/run.ts';
import type { StackLog } from '../base/types.ts';
import { readAptSources } from './apt-sources.ts';

/** Parts of the packages that a running server never reads: two thirds of the unpacked size. */
const NOT_NEEDED = [
  'usr/share/doc',
  'usr/share/man',
  'usr/share/locale',
  'usr/share/perl',
  'usr/share/lintian',
  'usr/share/gdb',
  'usr/share/gcc',
  'usr/lib/x86_64-linux-gnu/perl',
  'usr/lib/x86_64-linux-gnu/perl-base',
];

/** Packages of a suite, with all that they depend on; a suite may move on, so what was downloaded is kept. */
export interface DebianPackages {
  readonly suite: string;
  readonly names: readonly string[];
  /** Folder of the kept download. */
  readonly kept: string;
}

/** Debian's unstable suite has the current MySQL. */
export const MYSQL_PACKAGES: DebianPackages = { suite: 'sid', names: ['mysql-server-core'], kept: 'mysql-sid' };

function unavailable(reason: string): StackError {
  return new StackError(
    'MISSING_TOOL',
    `no MySQL is to be had (no mysqld on PATH, and ${reason}): install MySQL 8 or later and put mysqld on PATH`,
    { part: 'mysql' },
  );
}

/** Writes an apt configuration that touches nothing outside `dir`. */
function writeAptConfig(dir: string, suite: string): string {
  const sources = readAptSources();
  if (sources === undefined) throw unavailable('the apt sources of this machine name no Debian mirror');
  for (const sub of ['lists/partial', 'cache/archives/partial', 'sources', 'preferences']) {
    mkdirSync(path.join(dir, sub), { recursive: true });
  }
  writeFileSync(path.join(dir, 'status'), '');
  writeFileSync(
    path.join(dir, 'sources', 'cutover.sources'),
    `Types: deb\nURIs: ${sources.uri}\nSuites: ${suite}\nComponents: main\nSigned-By: ${sources.signedBy}\n`,
  );
  const config = path.join(dir, 'apt.conf');
  // The two hooks are cleared because the machine's own (Docker images have one) would clean the system's cache.
  writeFileSync(
    config,
    `#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
Dir::Etc::SourceList "/dev/null";
Dir::Etc::SourceParts "${dir}/sources";
Dir::Etc::Preferences "/dev/null";
Dir::Etc::PreferencesParts "${dir}/preferences";
Dir::State "${dir}";
Dir::State::Lists "${dir}/lists";
Dir::State::status "${dir}/status";
Dir::Cache "${dir}/cache";
Acquire::IndexTargets::deb::DEP-11::DefaultEnabled "false";
Acquire::Languages "none";
APT::Install-Recommends "false";
APT::Sandbox::User "root";
`,
  );
  return config;
}

/** The downloaded packages, from the kept folder or by apt, which works in `dir`. */
async function download(dir: string, wanted: DebianPackages, log: StackLog): Promise<string> {
  const kept = path.join(partsDir(), 'downloads', wanted.kept);
  if (existsSync(kept)) return kept;
  if (which('apt-get') === undefined || which('dpkg-deb') === undefined)
    throw unavailable('this machine has no apt-get');
  try {
    const config = writeAptConfig(dir, wanted.suite);
    const names = wanted.names.join(', ');
    log.info(`downloading ${names} and what they depend on (about 60 MB)`);
    const get = ['-q', '-y', '-c', config];
    const updated = await run('apt-get', [...get, 'update']);
    const got = await run('apt-get', [...get, 'install', '--download-only', ...wanted.names]);
    if (got.code !== 0) {
      const cause = lastLine(`${updated.output}\n${got.output}`);
      throw new StackError(
        'DOWNLOAD_FAILED',
        `mysql: apt could not get ${names} (${cause}): check the way to the Debian mirror, or put mysqld on PATH`,
        { part: 'mysql' },
      );
    }
    const draft = path.join(dir, 'debs');
    mkdirSync(draft);
    for (const file of packages(path.join(dir, 'cache', 'archives')))
      copyFileSync(file, path.join(draft, path.basename(file)));
    mkdirSync(path.dirname(kept), { recursive: true });
    renameSync(draft, kept);
  } finally {
    removeDir(dir);
  }
  return kept;
}

function packages(dir: string): string[] {
  return readdirSync(dir)
    .filter((name) => name.endsWith('.deb'))
    .sort()
    .map((name) => path.join(dir, name));
}

/** Downloads (or takes the kept download of) Debian's packages and unpacks them into `root`, as no system packages. */
export async function unpackDebian(root: string, wanted: DebianPackages, log: StackLog): Promise<void> {
  const arch = readFileSync('/etc/os-release', 'utf8');
  if (!/^ID="?debian"?$/m.test(arch)) throw unavailable('this machine is not a Debian');
  const debs = packages(await download(path.join(root, '.apt'), wanted, log));
  for (const deb of debs) {
    const done = await run('dpkg-deb', ['-x', deb, root]);
    if (done.code !== 0) {
      throw new StackError(
        'INSTALL_FAILED',
        `mysql: ${path.basename(deb)} could not be unpacked (${lastLine(done.output)}): check the free disk space`,
        { part: 'mysql' },
      );
    }
  }
  for (const dir of NOT_NEEDED) removeDir(path.join(root, dir));
}
