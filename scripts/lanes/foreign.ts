import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { analyseApplication } from '../../activities/01-mysql-analysis/application/index.ts';
import { printTable } from './databases.ts';

/** Packages from npm that send SQL of their own through mysql2; what is sent was counted by reading. */
const PACKAGES = [{ name: 'express-mysql-session', version: '3.0.3', sends: /\bthis\.query\(/, byHand: 9 }];

/**
 * Stage 1 on code that nobody wrote for it: every call that sends SQL is a call site, or is listed with file and line.
 *
 *   npm run lane:foreign
 */
for (const { name, version, sends, byHand } of PACKAGES) {
  const folder = mkdtempSync(path.join(tmpdir(), 'cutover-foreign-'));
  try {
    if (!(await installed(folder, `${name}@${version}`))) continue;
    // What is below node_modules is nobody's source: the package is looked at as an application of its own.
    const root = path.join(folder, 'application');
    cpSync(path.join(folder, 'node_modules', name), root, { recursive: true });
    const { callSites, unresolved } = await analyseApplication({ root, sources: ['.'] });
    const told = [...callSites.map(({ span }) => span), ...unresolved];
    const lines = readFileSync(path.join(root, 'index.js'), 'utf8').split('\n');
    const missed = lines.flatMap((text, at) =>
      sends.test(text) && !told.some(({ file, line }) => file === 'index.js' && line === at + 1) ? [at + 1] : [],
    );
    printTable(
      ['package', 'by hand', 'call sites', 'listed', 'neither, by line'],
      [[`${name} ${version}`, byHand, callSites.length, unresolved.length, missed.join(' ') || '–'].map(String)],
    );
    for (const { file, line, reason } of unresolved) process.stdout.write(`${file}:${line} ${reason}\n`);
    if (missed.length > 0 || told.length !== byHand) process.exitCode = 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function installed(folder: string, wanted: string): Promise<boolean> {
  writeFileSync(path.join(folder, 'package.json'), '{ "private": true }\n');
  const options = { cwd: folder, reject: false, timeout: 300_000 };
  const { failed } = await execa('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', wanted], options);
  if (failed) process.stderr.write(`SKIPPED ${wanted}: npm could not install it\n`);
  return !failed;
}
