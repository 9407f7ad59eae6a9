import { createReadStream } from 'node:fs';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { createGunzip } from 'node:zlib';
import { CutoverError } from '../../../core/errors/index.ts';
import type { LogFacts, LogShape } from '../../../core/analysis.ts';
import type { SourceSettings } from '../../../core/plan.ts';
import { normalise } from '../../../sql/normalise.ts';
import { compareNames } from '../schema/assemble.ts';
import { runProgram } from './python.ts';

type QueryLog = NonNullable<SourceSettings['queryLog']>;

export interface LogAnalysis {
  readonly facts: LogFacts;
  /** Charts by file name. */
  readonly charts: ReadonlyMap<string, Uint8Array>;
}

/** Runs the Python program over the log; its shapes are brought to the form that the code's statements have. */
export async function analyseLog(log: QueryLog, workFolder: string, signal?: AbortSignal): Promise<LogAnalysis> {
  const charts = path.join(workFolder, 'charts');
  const output = path.join(workFolder, 'log.json');
  await mkdir(charts, { recursive: true });
  const zone = log.timeZone === undefined ? [] : ['--time-zone', log.timeZone];
  await runProgram([log.path, '--format', log.format, ...zone, '--json', output, '--charts', charts], signal);
  const raw = JSON.parse(await readFile(output, 'utf8')) as LogFacts;
  const names = (await readdir(charts)).filter((name) => /\.(?:svg|png)$/.test(name)).sort(compareNames);
  const files = await Promise.all(names.map(async (name) => [name, await readFile(path.join(charts, name))] as const));
  return { facts: canonicalFacts(raw, path.basename(log.path)), charts: new Map(files) };
}

/**
 * The program normalises bytes, quickly; this gives each shape the one canonical text that source code gets too.
 * Shapes that fall together are added up: counts and means exactly, peaks as the upper bound of their sum.
 */
export function canonicalFacts(raw: LogFacts, source: string): LogFacts {
  const shapes = new Map<string, LogShape>();
  for (const shape of raw.shapes) {
    const canonical = { ...shape, ...normalise(shape.normalisedSql) };
    const before = shapes.get(canonical.fingerprint);
    shapes.set(canonical.fingerprint, before === undefined ? canonical : addShapes(before, canonical));
  }
  const sorted = [...shapes.values()].sort(
    (a, b) => b.count - a.count || compareNames(a.normalisedSql, b.normalisedSql),
  );
  return { ...raw, source, shapes: sorted };
}

function addShapes(a: LogShape, b: LogShape): LogShape {
  const larger = a.count >= b.count ? a : b;
  return {
    ...larger,
    count: a.count + b.count,
    meanPerSecond: Math.round((a.meanPerSecond + b.meanPerSecond) * 1e6) / 1e6,
    peakPerSecond: a.peakPerSecond + b.peakPerSecond,
    peakPerMinute: a.peakPerMinute + b.peakPerMinute,
    firstSeen: a.firstSeen < b.firstSeen ? a.firstSeen : b.firstSeen,
    lastSeen: a.lastSeen > b.lastSeen ? a.lastSeen : b.lastSeen,
  };
}

/** Looks at the start of the file: readable, and what it is said to be. */
export async function requireLog(log: QueryLog): Promise<void> {
  const start = (await firstBytes(log.path, 65_536)).toString('latin1');
  const looksSlow = /^# (?:User@Host|User|Query_time|Time):/m.test(start);
  const looksGeneral =
    /^(?:\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)?|\d{6}\s+\d?\d:\d\d:\d\d|\t)\s+\d+ (?:Query|Connect|Execute|Prepare|Init DB|Quit)\b/m.test(
      start,
    ) || /^Time\s+Id\s+Command\s+Argument/m.test(start);
  if (log.format === 'slow' ? looksSlow : looksGeneral) return;
  const found = looksSlow
    ? 'a slow query log'
    : looksGeneral
      ? 'a general query log'
      : 'no query log of MySQL or MariaDB';
  throw new CutoverError('analysis.log-not-recognised', {
    where: log.path,
    detail: `Expected a ${log.format} query log; the start of the file looks like ${found}.`,
  });
}

async function firstBytes(file: string, length: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  try {
    const magic = await readStart(createReadStream(file, { end: 1 }), 2);
    const plain = createReadStream(file);
    const stream = magic[0] === 0x1f && magic[1] === 0x8b ? plain.pipe(createGunzip()) : plain;
    chunks.push(await readStart(stream, length));
    plain.destroy();
  } catch (cause) {
    const detail = cause instanceof Error ? cause.message : String(cause);
    throw new CutoverError('analysis.log-unreadable', { where: file, detail, cause });
  }
  return Buffer.concat(chunks);
}

async function readStart(stream: AsyncIterable<unknown>, length: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    chunks.push(chunk as Buffer);
    size += (chunk as Buffer).length;
    if (size >= length) break;
  }
  return Buffer.concat(chunks).subarray(0, length);
}
