import { CutoverError } from '../../core/errors/index.ts';
import type { CheckResult } from '../../core/artifacts.ts';
import type { StageContext } from '../../core/stage.ts';
import { requireSources } from './application-source.ts';
import { requireLog } from './performance/log-facts.ts';
import { requirePython } from './performance/python.ts';
import { openSource, quoted, type SourceReader } from './source.ts';

/** Connection, database, privileges, source folders and log, without changing anything. */
export async function preflight(context: StageContext): Promise<CheckResult[]> {
  const { source, application } = context.plan;
  const reader = await openSource(source, (reference) => context.secret(reference));
  const where = `${source.host}:${source.port}/${source.database}`;
  const tables = await readableTables(reader, where).finally(() => reader.close());
  await requireSources(application);
  const results = [
    passed('S1-R1', 'The source database can be read, every table of it', tables),
    passed('S1-R2', "The application's source folders exist", application.sources.length),
  ];
  if (source.queryLog === undefined) return results;
  await requireLog(source.queryLog);
  await requirePython();
  return [...results, passed('S1-R3', 'The query log is readable and of the format that the plan says', 1)];
}

/** Touches every table: information_schema also lists tables of which the user may read only some columns. */
async function readableTables(reader: SourceReader, where: string): Promise<number> {
  const rows = await reader.query(
    "SELECT TABLE_NAME AS name FROM information_schema.TABLES WHERE TABLE_SCHEMA = ? AND TABLE_TYPE = 'BASE TABLE'",
    [reader.database],
  );
  if (rows.length === 0) {
    throw new CutoverError('analysis.database-empty', {
      where,
      detail: 'information_schema lists no base table in it.',
    });
  }
  for (const row of rows) await reader.query(`SELECT * FROM ${quoted(String(row['name']))} LIMIT 0`);
  return rows.length;
}

function passed(id: string, title: string, total: number): CheckResult {
  return { id, title, passed: total, total, failures: [] };
}
