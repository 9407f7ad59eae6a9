import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, expect, test } from '@jest/globals';
import { requireLog } from './log-file.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'cutover-log-file-'));
});

async function file(content: string | Buffer): Promise<string> {
  const name = path.join(folder, `${Math.random()}.log`);
  await writeFile(name, content);
  return name;
}

const SLOW = '# User@Host: a[a] @ [127.0.0.1]\n# Query_time: 1  Lock_time: 0\nSELECT 1;\n';
const GENERAL = '2026-01-02T03:04:05.000001Z\t   14 Query\tSELECT 1\n';

test.each([
  ['general', GENERAL],
  ['general', '261123 10:38:25\t  595 Query\tSELECT 1\n'],
  ['general', Buffer.from(gzipSync(GENERAL)).subarray(0, -6)],
  ['general', `${'a long statement that began in the log before\n'.repeat(5000)}${GENERAL}`],
  ['slow', SLOW],
  ['slow', gzipSync(SLOW)],
] as const)('a %s log is taken', async (format, content) => {
  await expect(requireLog({ path: await file(content), format })).resolves.toBeUndefined();
});

test.each([
  ['general', '', /the file is empty/],
  ['slow', GENERAL, /looks like a general query log/],
  ['general', SLOW, /looks like a slow query log/],
  ['general', '2026-01-02 03:04:05.123 UTC [77] LOG:  statement: SELECT 1\n', /a log of PostgreSQL/],
  ['slow', '10.0.0.1 - - [02/Jan/2026:03:04:05 +0000] "GET / HTTP/1.1" 200 1\n', /an access log of a web server/],
  ['general', '2026-01-02T03:04:05.1Z 0 [System] [MY-010116] [Server] mysqld: ready\n', /an error log of MySQL/],
  ['general', Buffer.from('fe62696e00ff', 'hex'), /a binary log of MySQL/],
  ['general', Buffer.from('PK\x03\x04zip'), /a kind other than gzip/],
  ['slow', Buffer.from([0, 1, 2, 3, 255, 254]), /a binary file/],
  ['slow', 'Dear diary,\n', /no query log of MySQL or MariaDB/],
] as const)('as a %s log, %j is refused with what it is', async (format, content, detail) => {
  const refused = requireLog({ path: await file(content), format });
  await expect(refused).rejects.toMatchObject({ code: 'analysis.log-not-recognised' });
  await expect(refused).rejects.toThrow(detail);
});

test('a file that is not there, and a zone that does not exist', async () => {
  await expect(requireLog({ path: '/no/such.log', format: 'slow' })).rejects.toMatchObject({
    code: 'analysis.log-unreadable',
  });
  const log = { path: await file(GENERAL), format: 'general', timeZone: 'Middle/Earth' } as const;
  await expect(requireLog(log)).rejects.toMatchObject({ code: 'analysis.time-zone-unknown' });
  await expect(requireLog({ ...log, timeZone: 'Pacific/Auckland' })).resolves.toBeUndefined();
});
