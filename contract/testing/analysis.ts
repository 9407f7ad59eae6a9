import type { AccessPattern, Analysis, ColumnFacts, ForeignKeyFacts, TableFacts } from '../../core/analysis.ts';

/** A column as information_schema would describe it: what is not given is absent, NOT NULL, without default. */
export function column(name: string, dataType: string, more: Partial<ColumnFacts> = {}): ColumnFacts {
  const text = ['char', 'varchar', 'text', 'enum', 'set'].includes(dataType);
  return {
    name,
    position: 1,
    dataType,
    columnType: dataType,
    nullable: false,
    default: null,
    onUpdateCurrentTimestamp: false,
    autoIncrement: false,
    characterSet: text ? 'utf8mb4' : null,
    collation: text ? 'utf8mb4_0900_ai_ci' : null,
    maxLength: text ? 100 : null,
    precision: ['int', 'bigint', 'tinyint', 'decimal'].includes(dataType) ? 10 : null,
    scale: dataType === 'decimal' ? 2 : ['int', 'bigint', 'tinyint'].includes(dataType) ? 0 : null,
    datetimePrecision: ['datetime', 'timestamp'].includes(dataType) ? 0 : null,
    comment: '',
    ...more,
  };
}

/** A table of these columns; unique keys by name. */
export function table(
  name: string,
  columns: readonly ColumnFacts[],
  primaryKey: readonly string[],
  more: {
    readonly uniques?: Readonly<Record<string, readonly string[]>>;
    readonly foreignKeys?: readonly ForeignKeyFacts[];
    readonly rows?: number;
  } = {},
): TableFacts {
  const index = (key: string, of: readonly string[]): TableFacts['indexes'][number] => ({
    name: key,
    unique: true,
    type: 'BTREE',
    parts: of.map((one) => ({ column: one, expression: null, prefix: null, descending: false })),
  });
  return {
    name,
    engine: 'InnoDB',
    collation: 'utf8mb4_0900_ai_ci',
    comment: '',
    columns: columns.map((one, at) => ({ ...one, position: at + 1 })),
    primaryKey,
    indexes: [index('PRIMARY', primaryKey), ...Object.entries(more.uniques ?? {}).map(([key, of]) => index(key, of))],
    foreignKeys: more.foreignKeys ?? [],
    checks: [],
    partitions: [],
    statistics: {
      rows: more.rows ?? 100,
      dataBytes: 16384,
      indexBytes: 0,
      rowBytes: { p50: 120, p99: 300, max: 400, sampled: 100 },
      autoIncrement: null,
    },
  };
}

/** A foreign key of one column. */
export function foreignKey(name: string, from: string, to: string, column = 'id'): ForeignKeyFacts {
  return {
    name,
    columns: [from],
    referencedTable: to,
    referencedColumns: [column],
    onDelete: 'NO ACTION',
    onUpdate: 'CASCADE',
    children: { parents: 10, p50: 2, p99: 5, max: 9, orphans: 0 },
  };
}

/** A read of one table by equality. */
export function read(id: string, title: string, from: string, by: readonly string[]): AccessPattern {
  return {
    id,
    title,
    kind: 'read',
    template: { parts: [] },
    normalisedSql: [],
    callSites: [],
    routes: [],
    transactions: [],
    tables: [from],
    predicates: by.map((name) => ({ table: from, column: name, operator: '=', with: 'value', always: true })),
    orderBy: [],
    limited: false,
    aggregates: false,
    rates: { mean: 1, peak: 5, provenance: 'measured' },
    seen: 'no log',
  };
}

/** An analysis of these tables and patterns, and nothing else. */
export function analysisOf(
  database: string,
  tables: readonly TableFacts[],
  accessPatterns: readonly AccessPattern[] = [],
): Analysis {
  return {
    schemaVersion: 1,
    server: { version: '9.7.0', flavour: 'mysql', sqlMode: '', timeZone: 'UTC', lowerCaseTableNames: 0 },
    database,
    tables,
    views: [],
    triggers: [],
    routines: [],
    events: [],
    application: {} as Analysis['application'],
    accessPatterns,
    contradictions: [],
    dataFindings: [],
  };
}
