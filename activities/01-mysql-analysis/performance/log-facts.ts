import { mkdir, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { LogFacts, LogShape } from '../../../core/analysis.ts';
import { normalise } from '../../../sql/normalise.ts';
import { compareNames } from '../schema/assemble.ts';
import { runProgram } from './python.ts';

export interface LogAnalysis {
  readonly facts: LogFacts;
  /** Charts by file name. */
  readonly charts: ReadonlyMap<string, Uint8Array>;
}

/** A file for the Python program: a query log, or samples of the server's counters. */
export interface MeasuredFile {
  readonly path: string;
  readonly format: 'general' | 'slow' | 'digest';
  readonly timeZone?: string;
}

/** Runs the Python program over a file; its shapes are brought to the form that the code's statements have. */
export async function analyseFile(file: MeasuredFile, workFolder: string, signal?: AbortSignal): Promise<LogAnalysis> {
  const charts = path.join(workFolder, 'charts');
  const output = path.join(workFolder, 'log.json');
  await mkdir(charts, { recursive: true });
  const zone = file.timeZone === undefined ? [] : [`--time-zone=${file.timeZone}`];
  await runProgram([file.path, '--format', file.format, ...zone, '--json', output, '--charts', charts], signal);
  const raw = JSON.parse(await readFile(output, 'utf8')) as LogFacts;
  const names = (await readdir(charts)).filter((name) => /\.(?:svg|png)$/.test(name)).sort(compareNames);
  const files = await Promise.all(names.map(async (name) => [name, await readFile(path.join(charts, name))] as const));
  return { facts: canonicalFacts(raw), charts: new Map(files) };
}

/**
 * The program normalises bytes, quickly; this gives each shape the one canonical text that source code gets too.
 * Shapes that fall together are added up: counts and means exactly, peaks and percentiles as their upper bound.
 */
export function canonicalFacts(raw: LogFacts): LogFacts {
  const shapes = new Map<string, LogShape>();
  for (const shape of raw.shapes) {
    const canonical = { ...shape, ...normalise(shape.normalisedSql) };
    const before = shapes.get(canonical.fingerprint);
    shapes.set(canonical.fingerprint, before === undefined ? canonical : addShapes(before, canonical));
  }
  const sorted = [...shapes.values()].sort(
    (a, b) => b.count - a.count || compareNames(a.normalisedSql, b.normalisedSql),
  );
  return { ...raw, shapes: sorted };
}

function addShapes(a: LogShape, b: LogShape): LogShape {
  const larger = a.count >= b.count ? a : b;
  const measures = <T extends Measures>(of: (shape: LogShape) => T | undefined): T | undefined =>
    addMeasures(of(a), a.count, of(b), b.count);
  const latencyMs = measures((shape) => shape.latencyMs);
  const rowsSent = measures((shape) => shape.rowsSent);
  const rowsExamined = measures((shape) => shape.rowsExamined);
  return {
    ...larger,
    keyColumns: [...new Set([...a.keyColumns, ...b.keyColumns])].sort(compareNames),
    count: a.count + b.count,
    meanPerSecond: rounded(a.meanPerSecond + b.meanPerSecond, 6),
    peakPerSecond: a.peakPerSecond + b.peakPerSecond,
    peakPerMinute: a.peakPerMinute + b.peakPerMinute,
    firstSeen: earlier(a.firstSeen, b.firstSeen),
    lastSeen: a.lastSeen > b.lastSeen ? a.lastSeen : b.lastSeen,
    ...(latencyMs === undefined ? {} : { latencyMs }),
    ...(rowsSent === undefined ? {} : { rowsSent }),
    ...(rowsExamined === undefined ? {} : { rowsExamined }),
  };
}

type Measures = { readonly mean: number } & Partial<Readonly<Record<'p50' | 'p95' | 'p99' | 'max', number>>>;

function addMeasures<T extends Measures>(
  a: T | undefined,
  countA: number,
  b: T | undefined,
  countB: number,
): T | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  const largest = Object.entries(a).map(([name, value]) => [name, Math.max(value, b[name as keyof T] as number)]);
  const mean = rounded((a.mean * countA + b.mean * countB) / (countA + countB), 3);
  return { ...(Object.fromEntries(largest) as T), mean };
}

/** A shape whose times are unknown has empty ones. */
function earlier(a: string, b: string): string {
  if (a === '' || b === '') return a || b;
  return a < b ? a : b;
}

function rounded(value: number, digits: number): number {
  return Math.round(value * 10 ** digits) / 10 ** digits;
}
