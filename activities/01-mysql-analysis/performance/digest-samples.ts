import { open, type FileHandle } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { CutoverError } from '../../../core/errors/index.ts';
import type { Row, SourceReader } from '../source.ts';

/** More steps show shorter peaks, and ask the server more often; a sample can have 10,000 rows. */
const MOST_STEPS = 30;

/** Sums since the server's start, or since the table was emptied; never a value of a row. */
const COLUMNS = [
  'SCHEMA_NAME',
  'DIGEST',
  'DIGEST_TEXT',
  'COUNT_STAR',
  'SUM_TIMER_WAIT',
  'SUM_ROWS_SENT',
  'SUM_ROWS_EXAMINED',
  'FIRST_SEEN',
];

/** Statements of this stage itself are left out: they come from the same database while it watches. */
const SAMPLE = `SELECT ${COLUMNS.map((name) => `${name} AS ${name}`).join(', ')}
  FROM performance_schema.events_statements_summary_by_digest
 WHERE (SCHEMA_NAME = ? OR DIGEST IS NULL)
   AND (DIGEST_TEXT IS NULL OR DIGEST_TEXT NOT LIKE '%events_statements_summary_by_digest%')`;

/** The server's clock and not ours, as what it counts goes by it; named so that it leaves itself out, as above. */
const NOW = `SELECT UTC_TIMESTAMP(6) AS sampled_at, COUNT(*) AS digests,
       (SELECT COUNT_STAR FROM performance_schema.events_statements_summary_global_by_event_name
         WHERE EVENT_NAME = 'statement/com/Execute') AS executions
  FROM performance_schema.events_statements_summary_by_digest`;

/** What watching needs to be told. */
export interface Watch {
  readonly seconds: number;
  readonly signal: AbortSignal;
  progress(done: number): void;
}

/** Reads the counters at the beginning, at the end, and at most 29 times between, into a file of JSON lines. */
export async function sampleDigests(reader: SourceReader, file: string, watch: Watch): Promise<void> {
  const steps = Math.min(MOST_STEPS, watch.seconds);
  const output = await open(file, 'w');
  try {
    for (let step = 0; step <= steps; step++) {
      if (step > 0) await sleep((watch.seconds / steps) * 1000, undefined, { signal: watch.signal });
      await writeSample(reader, output);
      watch.progress(Math.round((step * watch.seconds) / steps));
    }
  } finally {
    await output.close();
  }
}

async function writeSample(reader: SourceReader, output: FileHandle): Promise<void> {
  const [now] = await reader.query(NOW);
  const [uptime] = await reader.query("SHOW GLOBAL STATUS LIKE 'Uptime'");
  // Both the server's limit and that of its counters; old servers have neither, and keep 1024 bytes.
  const limits = await reader.query("SHOW GLOBAL VARIABLES LIKE '%max_digest_length'");
  const head = {
    SAMPLED_AT: String(now?.['sampled_at']),
    UPTIME: Number(uptime?.['Value']),
    EXECUTIONS: Number(now?.['executions'] ?? 0),
    MAX_DIGEST_LENGTH: Math.min(...limits.map((row) => Number(row['Value'])), limits.length === 0 ? 1024 : Infinity),
  };
  const rows = await readCounters(reader);
  await output.write([head, ...rows].map((line) => `${JSON.stringify(line)}\n`).join(''));
}

async function readCounters(reader: SourceReader): Promise<Row[]> {
  return reader.query(SAMPLE, [reader.database]).catch((error: unknown) => {
    if (!(error instanceof CutoverError) || error.retryable) throw error;
    throw unavailable(reader, error.detail ?? error.message, error);
  });
}

/** Tried on MariaDB 10.11; half of the truth would pass for all of it. */
const OF_MARIADB =
  "MariaDB's counters leave executions of prepared statements out, and write names that are keywords in capitals. Give a query log.";

/** Whether the server counts, and the user may read it. */
export async function requireDigests(reader: SourceReader): Promise<void> {
  const [row] = await reader.query('SELECT @@performance_schema AS enabled, VERSION() AS version');
  if (/mariadb/i.test(String(row?.['version']))) throw unavailable(reader, OF_MARIADB);
  if (Number(row?.['enabled']) !== 1) throw unavailable(reader, 'performance_schema is OFF.');
  const consumers = await reader
    .query("SELECT ENABLED AS enabled FROM performance_schema.setup_consumers WHERE NAME = 'statements_digest'")
    // Not everybody who may read the counters may read the settings.
    .catch(() => []);
  if (consumers[0]?.['enabled'] === 'NO') throw unavailable(reader, 'The consumer statements_digest is not enabled.');
  await readCounters(reader);
}

function unavailable(reader: SourceReader, detail: string, cause?: unknown): CutoverError {
  return new CutoverError('analysis.digests-unavailable', { where: reader.database, detail, cause });
}
