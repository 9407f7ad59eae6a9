import type { AccessPattern, Analysis, ColumnFacts, TableFacts } from '../../core/analysis.ts';
import type { CallSite } from '../../core/data-access.ts';
import { mergeSources } from '../../activities/01-mysql-analysis/analyse.ts';
import { noApplication, patternsThroughKeys } from './synthesised.ts';

/** A schema of our own making, of any size: each table but the first refers to one before it. */
export interface Generated {
  readonly tables: readonly TableFacts[];
  /** Creates the tables and some rows in them. */
  readonly sql: readonly string[];
}

/** Always the same numbers for the same seed (mulberry32). */
function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let value = Math.imul(state ^ (state >>> 15), state | 1);
    value ^= value + Math.imul(value ^ (value >>> 7), value | 61);
    return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32;
  };
}

const COLUMN: Omit<ColumnFacts, 'name' | 'position' | 'dataType' | 'columnType'> = {
  nullable: false,
  default: null,
  onUpdateCurrentTimestamp: false,
  autoIncrement: false,
  characterSet: null,
  collation: null,
  maxLength: null,
  precision: null,
  scale: null,
  datetimePrecision: null,
  comment: '',
};
const TEXT = { characterSet: 'utf8mb4', collation: 'utf8mb4_0900_ai_ci' };
const ID = { precision: 20, scale: 0 };

function column(position: number, name: string, columnType: string, more: Partial<ColumnFacts> = {}): ColumnFacts {
  return { ...COLUMN, name, position, columnType, dataType: columnType.split(/[( ]/)[0] ?? '', ...more };
}

/** `columns` a table, at least 7. */
export function generate(seed: number, tables: number, columns: number): Generated {
  const next = random(seed);
  const facts: TableFacts[] = [];
  for (let at = 0; at < tables; at += 1) {
    const parent = at === 0 ? undefined : facts[Math.floor(next() * at)];
    facts.push(tableOf(at, columns, parent, Math.ceil(10 ** (1 + 5 * next()))));
  }
  return { tables: facts, sql: facts.flatMap((table, at) => [createTable(table), ...insertRows(table, at)]) };
}

function tableOf(at: number, columns: number, parent: TableFacts | undefined, rows: number): TableFacts {
  const name = `t${String(at + 1).padStart(4, '0')}`;
  const own = [
    column(1, 'id', 'bigint unsigned', { ...ID, autoIncrement: true }),
    column(2, 'code', 'varchar(40)', { ...TEXT, maxLength: 40 }),
    column(3, 'state', "enum('new','open','done')", { ...TEXT, labels: ['new', 'open', 'done'], maxLength: 4 }),
    column(4, 'amount', 'decimal(12,2)', { precision: 12, scale: 2 }),
    column(5, 'created_at', 'datetime(6)', { datetimePrecision: 6 }),
    column(6, 'note', 'varchar(200)', { ...TEXT, maxLength: 200, nullable: true }),
    ...(parent ? [column(7, 'parent_id', 'bigint unsigned', ID)] : []),
  ];
  const more = Array.from({ length: Math.max(0, columns - own.length) }, (_, extra) =>
    column(own.length + extra + 1, `c${extra + 1}`, 'int', { precision: 10, scale: 0, nullable: true }),
  );
  const index = (indexName: string, of: string, unique: boolean) => ({
    ...{ name: indexName, unique, type: 'BTREE' },
    parts: [{ column: of, expression: null, prefix: null, descending: false }],
  });
  return {
    ...{ name, engine: 'InnoDB', collation: 'utf8mb4_0900_ai_ci', comment: '', columns: [...own, ...more] },
    primaryKey: ['id'],
    indexes: [index('PRIMARY', 'id', true), index(`${name}_code`, 'code', true)],
    foreignKeys: parent
      ? [
          {
            ...{ name: `${name}_fk`, columns: ['parent_id'], referencedTable: parent.name, referencedColumns: ['id'] },
            ...{ onDelete: at % 3 === 0 ? 'CASCADE' : 'RESTRICT', onUpdate: 'NO ACTION' },
          },
        ]
      : [],
    ...{ checks: [], partitions: [] },
    statistics: {
      ...{ rows, dataBytes: rows * 200, indexBytes: 0, autoIncrement: null },
      rowBytes: {
        p50: 100 + 3 * more.length,
        p99: 300 + 3 * more.length,
        max: 400 + 4 * more.length,
        sampled: Math.min(rows, 5000),
      },
    },
  };
}

function createTable(table: TableFacts): string {
  const columns = table.columns.map(
    (one) =>
      `${one.name} ${one.columnType} ${one.nullable ? 'NULL' : 'NOT NULL'}${one.autoIncrement ? ' AUTO_INCREMENT PRIMARY KEY' : ''}`,
  );
  const keys = table.foreignKeys.map(
    (key) =>
      `CONSTRAINT ${key.name} FOREIGN KEY (${key.columns.join()}) REFERENCES ${key.referencedTable} (id) ON DELETE ${key.onDelete}`,
  );
  return `CREATE TABLE ${table.name} (${[...columns, `UNIQUE KEY ${table.name}_code (code)`, ...keys].join(', ')}) DEFAULT CHARSET utf8mb4 COLLATE utf8mb4_0900_ai_ci`;
}

const ROWS = 40;

function insertRows(table: TableFacts, at: number): string[] {
  const parent = table.foreignKeys.length > 0;
  const rows = Array.from({ length: ROWS }, (_, row) => {
    const day = String(1 + (row % 28)).padStart(2, '0');
    const note = row % 5 === 0 ? 'NULL' : `'Nöte ${'x'.repeat((row * 7 + at) % 90)}'`;
    const values = [
      `'Code-${row}'`,
      `${1 + (row % 3)}`,
      `${row * 3.25}`,
      `'2026-01-${day} 00:00:00.00000${row % 10}'`,
      note,
    ];
    return `(${[...values, ...(parent ? [`${1 + ((row * row) % 13)}`] : [])].join(', ')})`;
  });
  const columns = ['code', 'state', 'amount', 'created_at', 'note', ...(parent ? ['parent_id'] : [])];
  return [`INSERT INTO ${table.name} (${columns.join(', ')}) VALUES ${rows.join(', ')}`];
}

/** An analysis of the generated tables as stage 1 would give it, with as many patterns as asked for. */
export function generatedAnalysis(generated: Generated, patterns: number): Analysis {
  const sites: readonly CallSite[] = spread(patternsThroughKeys(generated.tables), patterns);
  const facts = {
    server: { version: '9.7.0', flavour: 'mysql' as const, sqlMode: '', timeZone: '+00:00', lowerCaseTableNames: 0 },
    tables: generated.tables,
    objects: { views: [], triggers: [], routines: [], events: [] },
    findings: [],
  };
  const merged = mergeSources('generated', facts, noApplication(sites), undefined);
  return { ...merged, accessPatterns: merged.accessPatterns.map(withRate) };
}

/** So many of them, evenly from all tables. */
function spread(sites: readonly CallSite[], wanted: number): CallSite[] {
  if (sites.length <= wanted) return [...sites];
  return Array.from({ length: wanted }, (_, at) => sites[Math.floor((at * sites.length) / wanted)]).filter(
    (site) => site !== undefined,
  );
}

/** Rates between 0.01 and 100 a second, by the pattern's number. */
function withRate(pattern: AccessPattern, at: number): AccessPattern {
  const mean = 10 ** (-2 + ((at * 37) % 100) / 25);
  return { ...pattern, rates: { mean, peak: mean * 3, provenance: 'measured' } };
}
