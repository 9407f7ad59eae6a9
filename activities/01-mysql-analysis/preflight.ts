import { CutoverError } from '../../core/errors/index.ts';
import type { CheckResult } from '../../core/artifacts.ts';
import type { StageContext } from '../../core/stage.ts';
import { requireSources } from './application-source.ts';
import { requireMeasurement } from './performance/index.ts';
import { isBaseTable } from './schema/assemble.ts';
import { grantFor, readPrivileges, requirePrivileges, type Privileges } from './schema/privileges.ts';
import { openSource, quoted, type SourceReader } from './source.ts';

/** Connection, database, privileges, source folders and log, without changing anything. */
export async function preflight(context: StageContext): Promise<CheckResult[]> {
  const { source, application } = context.plan;
  const reader = await openSource(source, (reference) => context.secret(reference));
  const tables = await readableTables(reader).finally(() => reader.close());
  await requireSources(application);
  const results = [
    passed('S1-R1', 'The source database can be read, every table of it', tables),
    passed('S1-R2', "The application's source folders exist", application.sources.length),
  ];
  return [...results, ...(await requireMeasurement(context))];
}

/** Touches every table: information_schema also lists tables of which the user may read only some columns. */
async function readableTables(reader: SourceReader): Promise<number> {
  const { where } = reader;
  const rows = await reader.query(
    'SELECT TABLE_NAME AS table_name, TABLE_TYPE AS table_type FROM information_schema.TABLES WHERE TABLE_SCHEMA = ?',
    [reader.database],
  );
  const privileges = await readPrivileges(reader);
  const tables = rows.filter(isBaseTable);
  // Without any privilege the database looks empty: that is said first, as it is the likelier cause.
  if (rows.length === 0 || tables.length > 0) requirePrivileges(privileges, where);
  if (tables.length === 0) throw nothingToMigrate(rows.length, where);
  for (const table of tables) await requireReadable(reader, privileges, String(table['table_name']));
  return tables.length;
}

function nothingToMigrate(views: number, where: string): CutoverError {
  const detail =
    views === 0
      ? 'information_schema lists nothing in it.'
      : `information_schema lists no base table in it, only ${views} view${views === 1 ? '' : 's'}.`;
  return new CutoverError('analysis.database-empty', { where, detail });
}

/** A privilege on the whole database can be taken back for single tables or columns. */
async function requireReadable(reader: SourceReader, privileges: Privileges, table: string): Promise<void> {
  await reader.query(`SELECT * FROM ${quoted(table)} LIMIT 0`).catch((error: unknown) => {
    if (!(error instanceof CutoverError) || error.code !== 'analysis.privileges-missing') throw error;
    throw new CutoverError('analysis.privileges-missing', {
      where: reader.where,
      detail: `${error.detail ?? error.message} As an administrator: ${grantFor(privileges, ['SELECT'])}`,
      cause: error,
    });
  });
}

function passed(id: string, title: string, total: number): CheckResult {
  return { id, title, passed: total, total, failures: [] };
}
