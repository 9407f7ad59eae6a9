import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { removeDir } from '../base/paths.ts';
import { which } from '../base/run.ts';
import { ensureInstalled } from './index.ts';
import { installMysql } from './mysql.ts';

// Real servers on a machine that may be busy with other things.
jest.setTimeout(180_000);

const PATH = process.env['PATH'] ?? '';
let dir = '';

/** An empty cache and a PATH of just these programs of the machine. */
function onlyPrograms(...programs: string[]): void {
  for (const program of programs) {
    process.env['PATH'] = PATH;
    const found = which(program);
    if (found === undefined) throw new Error(`this test needs ${program}`);
    symlinkSync(found, path.join(dir, 'bin', program));
  }
  process.env['PATH'] = path.join(dir, 'bin');
}

beforeEach(() => {
  dir = mkdtempSync(path.join(os.tmpdir(), 'cutover-missing-'));
  mkdirSync(path.join(dir, 'bin'));
  process.env['CUTOVER_PARTS'] = path.join(dir, 'parts');
});
afterEach(() => {
  process.env['PATH'] = PATH;
  delete process.env['CUTOVER_PARTS'];
  removeDir(dir);
});

test.each([
  ['temporal', 'temporal needs Python 3.10 or later with venv, and none is on PATH: install python3 and python3-venv'],
  ['aws', 'aws needs Python 3.10 or later with venv, and none is on PATH: install python3 and python3-venv'],
  ['dynamodb-local', 'dynamodb-local needs Java 17 or later on PATH: install a JDK'],
] as const)('%s: a missing tool is named, with what to do', async (part, message) => {
  onlyPrograms();
  await expect(ensureInstalled([part])).rejects.toThrow(message);
  const left = existsSync(path.join(dir, 'parts')) ? readdirSync(path.join(dir, 'parts')) : [];
  expect(left).toEqual([]);
});

test('mysql: no server and no way to one is said in one sentence', async () => {
  onlyPrograms();
  await expect(ensureInstalled(['mysql'])).rejects.toThrow(
    /^no MySQL is to be had \(no mysqld on PATH, and .+\): install MySQL 8 or later and put mysqld on PATH$/,
  );
});

test('mysql: a MariaDB is only taken when nothing else is to be had, and that is said aloud', async () => {
  onlyPrograms();
  const fake = path.join(dir, 'bin', 'mariadbd');
  writeFileSync(fake, '#!/bin/sh\necho "mariadbd  Ver 10.11.6-MariaDB-0+deb12u1 for debian-linux-gnu on x86_64"\n');
  chmodSync(fake, 0o755);
  const warnings: string[] = [];
  const program = await installMysql({ info: () => undefined, warn: (message) => void warnings.push(message) });
  expect(program).toMatchObject({ isMysql: false, version: '10.11.6-MariaDB-0+deb12u1' });
  expect(warnings.join()).toMatch(/^NO REAL MYSQL: .+ Going on with MariaDB 10\.11\.6/);
});

test('mysql: a real server on PATH is preferred to any download', async () => {
  onlyPrograms();
  const fake = path.join(dir, 'bin', 'mysqld');
  writeFileSync(fake, '#!/bin/sh\necho "mysqld  Ver 8.4.6 for Linux on x86_64 (MySQL Community Server - GPL)"\n');
  chmodSync(fake, 0o755);
  await expect(installMysql({ info: () => undefined, warn: () => undefined })).resolves.toMatchObject({
    command: fake,
    isMysql: true,
    version: '8.4.6',
  });
});

test('a registry that does not answer is said, and nothing half installed is left', async () => {
  const before = { ...process.env };
  // Port 9 is where nobody listens: the same answer as a network without a way out.
  Object.assign(process.env, {
    PIP_INDEX_URL: 'http://127.0.0.1:9/simple',
    PIP_RETRIES: '0',
    PIP_CONFIG_FILE: os.devNull,
  });
  try {
    await expect(ensureInstalled(['aws'])).rejects.toThrow(
      /^aws: pip could not get ministack==\S+ \(.+\): check the way to the Python registry$/,
    );
  } finally {
    for (const name of ['PIP_INDEX_URL', 'PIP_RETRIES', 'PIP_CONFIG_FILE']) {
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
    }
  }
  expect(existsSync(path.join(dir, 'parts'))).toBe(true);
  expect(readdirSync(path.join(dir, 'parts'))).toEqual([]);
});
