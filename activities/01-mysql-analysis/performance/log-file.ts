import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { CutoverError } from '../../../core/errors/index.ts';
import type { SourceSettings } from '../../../core/plan.ts';

export type QueryLog = NonNullable<SourceSettings['queryLog']>;

/** A log that was rotated may begin in the middle of a long statement. */
const START_BYTES = 1024 * 1024;

const GENERAL_ENTRY =
  /^(?:\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)?|\d{6}\s+\d?\d:\d\d:\d\d|\t)\s+\d+ (?:Query|Connect|Execute|Prepare|Init DB|Quit)\b|^Time\s+Id\s+Command\s+Argument/m;
const SLOW_ENTRY = /^# (?:User@Host|User|Query_time|Time):/m;

/** What is often given by mistake, and how it begins. */
const OTHERS: readonly (readonly [string, RegExp])[] = [
  ['a binary log of MySQL: give the general or the slow log', /^\xfebin/],
  ['an error log of MySQL', /\[(?:MY-\d{6}|Note|Warning|ERROR)\] /],
  ['a log of PostgreSQL', /^.{0,200}\b(?:LOG|ERROR|FATAL|STATEMENT): {2}/m],
  ['an access log of a web server', /"(?:GET|POST|HEAD|PUT|PATCH|DELETE|OPTIONS) \S+ HTTP\/\d/],
  ['a compressed file of a kind other than gzip', /^(?:PK[^\w\s]{2}|BZh\d|\xfd7zXZ|\x28\xb5\x2f\xfd)/],
  // eslint-disable-next-line no-control-regex -- control characters are what tells a binary file
  ['a binary file', /[\x00-\x08\x0e-\x1a]/],
];

/** Looks at the start of the file: readable, and what the plan says it is. */
export async function requireLog(log: QueryLog): Promise<void> {
  requireZone(log);
  const start = (await firstBytes(log.path)).toString('latin1');
  const slow = SLOW_ENTRY.test(start);
  const general = GENERAL_ENTRY.test(start);
  if (log.format === 'slow' ? slow : general) return;
  throw new CutoverError('analysis.log-not-recognised', {
    where: log.path,
    detail: `Expected a ${log.format} query log; ${found(start, slow, general)}.`,
  });
}

function found(start: string, slow: boolean, general: boolean): string {
  if (start === '') return 'the file is empty';
  if (slow) return 'the start of the file looks like a slow query log';
  if (general) return 'the start of the file looks like a general query log';
  const other = OTHERS.find(([, pattern]) => pattern.test(start))?.[0];
  return `the start of the file looks like ${other ?? 'no query log of MySQL or MariaDB'}`;
}

function requireZone({ timeZone, path }: QueryLog): void {
  if (timeZone === undefined || timeZone === 'Z' || /^[+-]\d\d:\d\d$/.test(timeZone)) return;
  try {
    new Intl.DateTimeFormat('en', { timeZone });
  } catch (cause) {
    throw new CutoverError('analysis.time-zone-unknown', { where: path, detail: `Found ${timeZone}.`, cause });
  }
}

async function firstBytes(file: string): Promise<Buffer> {
  try {
    const magic = await readStart(createReadStream(file, { end: 1 }), 2);
    const plain = createReadStream(file);
    const stream = magic[0] === 0x1f && magic[1] === 0x8b ? plain.pipe(createGunzip()) : plain;
    return await readStart(stream, START_BYTES).finally(() => plain.destroy());
  } catch (cause) {
    const detail = cause instanceof Error ? cause.message : String(cause);
    throw new CutoverError('analysis.log-unreadable', { where: file, detail, cause });
  }
}

/** What comes before a fault counts: a log that grows, or was cut off, has a start all the same. */
async function readStart(stream: AsyncIterable<unknown>, length: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of stream) {
      chunks.push(chunk as Buffer);
      size += (chunk as Buffer).length;
      if (size >= length) break;
    }
  } catch (error) {
    if (size === 0) throw error;
  }
  return Buffer.concat(chunks).subarray(0, length);
}
