import type { Analysis, LogFacts, TableFacts } from '../../core/analysis.ts';
import type { ApplicationAnalysis } from '../../core/data-access.ts';
import type { StageContext } from '../../core/stage.ts';
import { findBytewisePredicates } from './data/bytewise-predicates.ts';
import { numbered, tableFindings, type UnnumberedFinding } from './data/findings.ts';
import { measureRelations } from './data/relations.ts';
import { countRows, measureTable } from './data/statistics.ts';
import { mergeAccessPatterns } from './merge/access-patterns.ts';
import { findContradictions } from './merge/contradictions.ts';
import { findUnused } from './merge/unused.ts';
import { assembleTables, type TableStructure } from './schema/assemble.ts';
import { readCatalogue } from './schema/catalogue.ts';
import { assembleObjects, type SchemaObjects } from './schema/objects.ts';
import { hiddenObjects, readPrivileges } from './schema/privileges.ts';
import { freshStatistics, readServer } from './schema/server.ts';
import type { SourceReader } from './source.ts';
import { STEPS } from './steps.ts';
import type { ServerFacts } from '../../core/analysis.ts';

/** What the database alone tells. */
export interface DatabaseFacts {
  readonly server: ServerFacts;
  readonly tables: readonly TableFacts[];
  readonly objects: SchemaObjects;
  readonly findings: readonly UnnumberedFinding[];
}

type Progress = Pick<StageContext, 'progress' | 'signal'>;

/** Reads the database: catalogue, counts, sizes, findings. Changes nothing. */
export async function analyseDatabase(reader: SourceReader, context: Progress): Promise<DatabaseFacts> {
  context.progress({ step: STEPS.schema });
  const server = await readServer(reader);
  await freshStatistics(reader, server);
  const rows = await readCatalogue(reader);
  const structures = assembleTables(rows, server, reader.database);
  const measured = await measureTables(reader, structures, context);
  const tables: TableFacts[] = [];
  const findings: UnnumberedFinding[] = [];
  for (const [index, table] of measured.entries()) {
    context.signal.throwIfAborted();
    context.progress({ step: STEPS.data, done: index, total: measured.length, unit: 'tables' });
    const relations = await measureRelations(reader, table, measured);
    tables.push(relations.table);
    findings.push(...(await tableFindings(reader, table)), ...relations.findings);
  }
  const hidden = hiddenObjects(await readPrivileges(reader), server);
  const objects = { ...assembleObjects(rows), ...(hidden.length === 0 ? {} : { hidden }) };
  return { server, tables, objects, findings };
}

async function measureTables(
  reader: SourceReader,
  structures: readonly TableStructure[],
  context: Progress,
): Promise<TableFacts[]> {
  const counts = await countRows(
    reader,
    structures.map((table) => table.name),
  );
  const tables: TableFacts[] = [];
  for (const [index, table] of structures.entries()) {
    context.signal.throwIfAborted();
    context.progress({ step: STEPS.sizes, done: index, total: structures.length, unit: 'tables' });
    tables.push(await measureTable(reader, table, counts.get(table.name) ?? 0));
  }
  return tables;
}

/** Puts the three sources together; pure. */
export function mergeSources(
  database: string,
  facts: DatabaseFacts,
  application: ApplicationAnalysis,
  log: LogFacts | undefined,
): Analysis {
  const merged = mergeAccessPatterns(application, facts.tables, log);
  const accessPatterns = merged.findings.map((finding) => finding.pattern);
  const unused = findUnused(merged, facts.tables, facts.objects.views, log);
  return {
    schemaVersion: 1,
    server: facts.server,
    database,
    tables: facts.tables,
    ...facts.objects,
    application: merged.application,
    ...(log === undefined ? {} : { log }),
    accessPatterns,
    contradictions: findContradictions(merged, facts.tables, log),
    ...(unused === undefined ? {} : { unused }),
    dataFindings: numbered([...facts.findings, ...findBytewisePredicates(accessPatterns, facts.tables)]),
  };
}
