import type { Row, SourceReader } from '../source.ts';

/** Rows of information_schema, one list a view; columns that the server lacks are missing from the rows. */
export interface CatalogueRows {
  readonly tables: readonly Row[];
  readonly columns: readonly Row[];
  readonly statistics: readonly Row[];
  readonly keyColumns: readonly Row[];
  readonly references: readonly Row[];
  readonly checks: readonly Row[];
  readonly views: readonly Row[];
  readonly triggers: readonly Row[];
  readonly routines: readonly Row[];
  readonly events: readonly Row[];
  readonly partitions: readonly Row[];
}

interface View {
  readonly name: string;
  readonly schemaColumn: string;
  readonly columns: readonly string[];
  readonly orderBy: readonly string[];
}

/**
 * What is read of each view. A column that a version does not have (5.6 knows no GENERATION_EXPRESSION, MariaDB no
 * EXPRESSION of an index part, MySQL no TABLE_NAME of a check) is left out of the statement: asking the server what
 * it has is surer than a table of versions.
 */
const VIEWS: Readonly<Record<keyof CatalogueRows, View>> = {
  tables: {
    name: 'TABLES',
    schemaColumn: 'TABLE_SCHEMA',
    columns: 'TABLE_NAME TABLE_TYPE ENGINE TABLE_COLLATION TABLE_COMMENT DATA_LENGTH INDEX_LENGTH AUTO_INCREMENT'.split(
      ' ',
    ),
    orderBy: ['TABLE_NAME'],
  },
  columns: {
    name: 'COLUMNS',
    schemaColumn: 'TABLE_SCHEMA',
    columns:
      'TABLE_NAME COLUMN_NAME ORDINAL_POSITION DATA_TYPE COLUMN_TYPE IS_NULLABLE COLUMN_DEFAULT EXTRA CHARACTER_SET_NAME COLLATION_NAME CHARACTER_MAXIMUM_LENGTH NUMERIC_PRECISION NUMERIC_SCALE DATETIME_PRECISION COLUMN_COMMENT GENERATION_EXPRESSION'.split(
        ' ',
      ),
    orderBy: ['TABLE_NAME', 'ORDINAL_POSITION'],
  },
  statistics: {
    name: 'STATISTICS',
    schemaColumn: 'TABLE_SCHEMA',
    columns: 'TABLE_NAME INDEX_NAME NON_UNIQUE SEQ_IN_INDEX COLUMN_NAME COLLATION SUB_PART INDEX_TYPE EXPRESSION'.split(
      ' ',
    ),
    orderBy: ['TABLE_NAME', 'INDEX_NAME', 'SEQ_IN_INDEX'],
  },
  keyColumns: {
    name: 'KEY_COLUMN_USAGE',
    schemaColumn: 'TABLE_SCHEMA',
    columns:
      'TABLE_NAME CONSTRAINT_NAME COLUMN_NAME ORDINAL_POSITION REFERENCED_TABLE_NAME REFERENCED_COLUMN_NAME'.split(' '),
    orderBy: ['TABLE_NAME', 'CONSTRAINT_NAME', 'ORDINAL_POSITION'],
  },
  references: {
    name: 'REFERENTIAL_CONSTRAINTS',
    schemaColumn: 'CONSTRAINT_SCHEMA',
    columns: 'TABLE_NAME CONSTRAINT_NAME UPDATE_RULE DELETE_RULE'.split(' '),
    orderBy: ['TABLE_NAME', 'CONSTRAINT_NAME'],
  },
  checks: {
    name: 'CHECK_CONSTRAINTS',
    schemaColumn: 'CONSTRAINT_SCHEMA',
    columns: ['TABLE_NAME', 'CONSTRAINT_NAME', 'CHECK_CLAUSE'],
    orderBy: ['CONSTRAINT_NAME'],
  },
  views: {
    name: 'VIEWS',
    schemaColumn: 'TABLE_SCHEMA',
    columns: ['TABLE_NAME', 'VIEW_DEFINITION'],
    orderBy: ['TABLE_NAME'],
  },
  triggers: {
    name: 'TRIGGERS',
    schemaColumn: 'TRIGGER_SCHEMA',
    columns: 'TRIGGER_NAME EVENT_OBJECT_TABLE ACTION_TIMING EVENT_MANIPULATION ACTION_STATEMENT'.split(' '),
    orderBy: ['TRIGGER_NAME'],
  },
  routines: {
    name: 'ROUTINES',
    schemaColumn: 'ROUTINE_SCHEMA',
    columns: ['ROUTINE_NAME', 'ROUTINE_TYPE'],
    orderBy: ['ROUTINE_TYPE', 'ROUTINE_NAME'],
  },
  events: { name: 'EVENTS', schemaColumn: 'EVENT_SCHEMA', columns: ['EVENT_NAME', 'STATUS'], orderBy: ['EVENT_NAME'] },
  partitions: {
    name: 'PARTITIONS',
    schemaColumn: 'TABLE_SCHEMA',
    columns: ['TABLE_NAME', 'PARTITION_NAME', 'SUBPARTITION_NAME', 'PARTITION_ORDINAL_POSITION'],
    orderBy: ['TABLE_NAME', 'PARTITION_ORDINAL_POSITION', 'SUBPARTITION_NAME'],
  },
};

/** Reads the whole catalogue of the database: one statement for each view, whatever the number of tables. */
export async function readCatalogue(reader: SourceReader): Promise<CatalogueRows> {
  const available = await availableColumns(reader);
  const rows: Partial<Record<keyof CatalogueRows, readonly Row[]>> = {};
  for (const [key, view] of Object.entries(VIEWS) as [keyof CatalogueRows, View][]) {
    rows[key] = await readView(reader, view, available.get(view.name) ?? new Set());
  }
  const complete = rows as CatalogueRows;
  return { ...complete, checks: await withTables(reader, complete.checks, available) };
}

async function readView(reader: SourceReader, view: View, available: ReadonlySet<string>): Promise<readonly Row[]> {
  if (available.size === 0) return [];
  const has = (name: string): boolean => available.has(name);
  const columns = view.columns.filter(has).map((name) => `${name} AS ${name.toLowerCase()}`);
  const order = view.orderBy.filter(has);
  return reader.query(
    `SELECT ${columns.join(', ')} FROM information_schema.${view.name} WHERE ${view.schemaColumn} = ? ORDER BY ${order.join(', ')}`,
    [reader.database],
  );
}

async function availableColumns(reader: SourceReader): Promise<Map<string, Set<string>>> {
  const names = Object.values(VIEWS).map((view) => view.name);
  const rows = await reader.query(
    `SELECT UPPER(TABLE_NAME) AS view_name, UPPER(COLUMN_NAME) AS column_name FROM information_schema.COLUMNS
      WHERE UPPER(TABLE_SCHEMA) = 'INFORMATION_SCHEMA' AND UPPER(TABLE_NAME) IN (?)`,
    [names],
  );
  const available = new Map<string, Set<string>>();
  for (const row of rows) {
    const view = String(row['view_name']);
    available.set(view, (available.get(view) ?? new Set()).add(String(row['column_name'])));
  }
  return available;
}

/** MySQL's CHECK_CONSTRAINTS does not say the table; TABLE_CONSTRAINTS does. */
async function withTables(
  reader: SourceReader,
  checks: readonly Row[],
  available: ReadonlyMap<string, ReadonlySet<string>>,
): Promise<readonly Row[]> {
  if (checks.length === 0 || available.get('CHECK_CONSTRAINTS')?.has('TABLE_NAME') === true) return checks;
  const rows = await reader.query(
    `SELECT CONSTRAINT_NAME AS constraint_name, TABLE_NAME AS table_name FROM information_schema.TABLE_CONSTRAINTS
      WHERE CONSTRAINT_SCHEMA = ? AND CONSTRAINT_TYPE = 'CHECK'`,
    [reader.database],
  );
  const tables = new Map(rows.map((row) => [row['constraint_name'], row['table_name'] ?? null]));
  return checks.map((check) => ({ ...check, table_name: tables.get(check['constraint_name'] ?? null) ?? null }));
}
