import type { Analysis, LogFacts, TableFacts } from '../../../core/analysis.ts';
import type { MergedApplication } from './access-patterns.ts';

type Contradiction = Analysis['contradictions'][number];

/** Compares the three sources and lists where they disagree; never resolves a disagreement silently. */
export function findContradictions(
  merged: MergedApplication,
  tables: readonly TableFacts[],
  log: LogFacts | undefined,
): Contradiction[] {
  const found = [
    ...codeAgainstSchema(merged),
    ...unresolvedCode(merged),
    ...schemaAgainstCode(merged, tables),
    ...builtByLibraries(merged, log !== undefined),
    ...(log === undefined ? [] : [...codeAgainstLog(merged), ...logAgainstCode(merged, tables)]),
  ];
  return found.map((one, index) => ({ id: `X-${String(index + 1).padStart(3, '0')}`, ...one }));
}

type Unnumbered = Omit<Contradiction, 'id'>;

function* codeAgainstSchema({ findings }: MergedApplication): Generator<Unnumbered> {
  const sources = ['code', 'schema'];
  for (const { pattern, references } of findings) {
    for (const table of references.unknownTables) {
      yield { sources, finding: `${pattern.id} names the table ${table}, which the schema does not have.` };
    }
    for (const column of references.unknownColumns) {
      yield { sources, finding: `${pattern.id} names the column ${column}, which none of its tables has.` };
    }
    for (const sql of references.unparsedVariants) {
      yield {
        sources: ['code'],
        finding: `${pattern.id} has a statement that could not be parsed, so its predicates are unknown: ${sql}`,
      };
    }
  }
}

function* unresolvedCode({ application }: MergedApplication): Generator<Unnumbered> {
  for (const one of application.unresolved) {
    yield { sources: ['code'], finding: `${one.file}:${one.line} could not be resolved: ${one.reason}` };
  }
}

/** Statements that a library makes and that the log does not show: nobody knows their SQL. */
function* builtByLibraries({ application }: MergedApplication, hasLog: boolean): Generator<Unnumbered> {
  for (const one of application.builderCalls ?? []) {
    if (one.logShapes !== undefined) continue;
    const reason = hasLog ? 'no shape of the log is of its table and kind' : 'no log was given';
    yield {
      sources: ['code', 'log'],
      finding: `${one.id} (${one.file}:${one.line}) is built by ${one.library}, so its SQL is only in the log, and ${reason}.`,
    };
  }
}

function* schemaAgainstCode(
  { application, findings }: MergedApplication,
  tables: readonly TableFacts[],
): Generator<Unnumbered> {
  if (application.callSites.length === 0) return;
  const sources = ['schema', 'code'];
  const read = new Set<string>();
  const written = new Set<string>();
  const used = new Set<string>();
  for (const { pattern, references } of findings) {
    for (const table of pattern.tables) (pattern.kind === 'read' ? read : written).add(table);
    for (const column of references.columns) used.add(`${column.table}\0${column.column}`);
  }
  for (const table of tables) {
    if (!read.has(table.name) && !written.has(table.name)) {
      yield { sources, finding: `No call site reads or writes the table ${table.name}.` };
      continue;
    }
    if (!read.has(table.name))
      yield { sources, finding: `No call site reads the table ${table.name}; it is only written.` };
    if (!written.has(table.name))
      yield { sources, finding: `No call site writes the table ${table.name}; it is only read.` };
    const unused = table.columns.filter((column) => !used.has(`${table.name}\0${column.name}`));
    for (const column of unused) {
      yield { sources, finding: `No call site uses the column ${table.name}.${column.name}.` };
    }
  }
}

function* codeAgainstLog({ findings }: MergedApplication): Generator<Unnumbered> {
  const owners = new Map<string, string[]>();
  for (const { pattern } of findings) {
    if (pattern.seen === 'only in code') {
      yield {
        sources: ['code', 'log'],
        finding: `${pattern.id} was not seen in the log; its rate is unknown, not zero.`,
      };
    }
    for (const sql of pattern.normalisedSql) owners.set(sql, [...(owners.get(sql) ?? []), pattern.id]);
  }
  for (const [sql, patterns] of owners) {
    if (patterns.length < 2) continue;
    yield {
      sources: ['code', 'log'],
      finding: `${patterns.join(' and ')} can both send the same statement, so a measured rate counts for each: ${sql}`,
    };
  }
}

function* logAgainstCode({ onlyInLog }: MergedApplication, tables: readonly TableFacts[]): Generator<Unnumbered> {
  const known = new Set(tables.map((table) => table.name.toLowerCase()));
  for (const shape of onlyInLog) {
    if (shape.kind === 'other') continue;
    const foreign = shape.tables.filter((table) => !known.has(table.toLowerCase()));
    const owner = ownerOf(shape.normalisedSql, shape.tables.length, foreign.length);
    yield {
      sources: ['log', foreign.length > 0 ? 'schema' : 'code'],
      finding: `Seen ${shape.count} times only in the log${owner}: ${shape.normalisedSql}`,
    };
  }
}

/** Who probably sent a statement that the application's code does not have. */
function ownerOf(sql: string, tables: number, foreign: number): string {
  if (/\b(?:information_schema|performance_schema|mysql|sys)\b\s*\./i.test(sql))
    return ' (a tool that reads the catalogue)';
  if (/@@|\b(?:VERSION|DATABASE|CONNECTION_ID)\b\s*\(/i.test(sql)) return ' (a driver or tool, on connecting)';
  if (tables > 0 && foreign === tables) return ' (another application: none of its tables is in this schema)';
  return ' (an administrator, a job, or source outside the given folders)';
}
