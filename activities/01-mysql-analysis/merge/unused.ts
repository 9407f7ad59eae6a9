import type { LogFacts, TableFacts, UnusedObjects, ViewFacts } from '../../../core/analysis.ts';
import { references, type StatementReferences } from '../../../sql/references.ts';
import { Names } from '../../../sql/scope.ts';
import type { MergedApplication } from './access-patterns.ts';

/**
 * Tables that nobody reads and columns that nobody uses, by the statements of the code and of the log together. A view
 * that is read reads its tables. Nothing is said where neither source has a statement: that would call all unused.
 */
export function findUnused(
  { application, findings, onlyInLog }: MergedApplication,
  tables: readonly TableFacts[],
  views: readonly ViewFacts[],
  log: LogFacts | undefined,
): UnusedObjects | undefined {
  if (findings.length === 0 && (log?.shapes ?? []).length === 0) return undefined;
  const names = new Names(tables);
  const logged = onlyInLog
    .filter((shape) => shape.kind !== 'other')
    .map((shape) => references(shape.normalisedSql, names));
  const statements = withViews([...findings.map((each) => each.references), ...logged], views, names);
  const read = new Set(statements.flatMap(tablesRead));
  const named = new Set(statements.flatMap((each) => each.tables));
  const used = new Set(
    statements.flatMap((each) => each.columns.map(({ table, column }) => JSON.stringify([table, column]))),
  );
  // What a statement beyond the grammar does with its tables is not known: of those, no column is called unused.
  const unclear = new Set(statements.filter((each) => !each.parsed).flatMap((each) => each.tables));
  return {
    lookedAt: {
      callSites: application.callSites.length,
      ...(log === undefined ? {} : { logShapes: log.shapes.length }),
      unresolved:
        application.unresolved.length + (application.builderCalls ?? []).filter((one) => !one.logShapes).length,
      unparsed: statements.filter((each) => !each.parsed).length,
    },
    tables: tables
      .filter((table) => !read.has(table.name))
      .map((table) => ({ table: table.name, written: named.has(table.name) })),
    columns: tables
      .filter((table) => !unclear.has(table.name))
      .flatMap((table) =>
        table.columns
          .filter((column) => !used.has(JSON.stringify([table.name, column.name])))
          .map((column) => ({ table: table.name, column: column.name })),
      ),
  };
}

/** A statement that writes reads every table but those that it writes. */
function tablesRead(statement: StatementReferences): readonly string[] {
  if (statement.statement === 'select' || !statement.parsed) return statement.tables;
  const [first] = statement.tables;
  const written = new Set([first, ...statement.writes.map((each) => each.table)]);
  return statement.tables.filter((table) => !written.has(table));
}

/** The statements, and those of the views that they name, of the views that these name, and so on. */
function withViews(
  statements: readonly StatementReferences[],
  views: readonly ViewFacts[],
  names: Names,
): StatementReferences[] {
  const left = new Map(views.map((view) => [view.name.toLowerCase(), view.definition]));
  const result = [...statements];
  // Grows while it is walked.
  for (const statement of result) {
    for (const table of statement.unknownTables) {
      const definition = left.get(table.toLowerCase());
      if (definition === undefined) continue;
      left.delete(table.toLowerCase());
      result.push(references(definition, names));
    }
  }
  return result;
}
