import type { ForeignKeyFacts, TableFacts } from '../../../core/analysis.ts';
import { quoted, type SourceReader } from '../source.ts';
import type { UnnumberedFinding } from './findings.ts';

export interface Relations {
  readonly table: TableFacts;
  readonly findings: readonly UnnumberedFinding[];
}

/** Measures each foreign key of a table: children for a parent, rows without a parent, references that differ in bytes. */
export async function measureRelations(
  reader: SourceReader,
  table: TableFacts,
  all: readonly TableFacts[],
): Promise<Relations> {
  const findings: UnnumberedFinding[] = [];
  const foreignKeys: ForeignKeyFacts[] = [];
  for (const key of table.foreignKeys) {
    // A table of the same name here is not the one that a key into another database means.
    if (key.referencedDatabase !== undefined || !all.some((one) => one.name === key.referencedTable)) {
      foreignKeys.push(key);
      findings.push(
        finding(
          'warn',
          table,
          key,
          0,
          `The foreign key ${key.name} refers to ${qualified(key)}, which is not a table of this database.`,
        ),
      );
      continue;
    }
    const orphans = await count(reader, orphanSql(table.name, key));
    foreignKeys.push({ ...key, children: { ...(await children(reader, table.name, key)), orphans } });
    if (orphans > 0) {
      findings.push(
        finding(
          'stop',
          table,
          key,
          orphans,
          `Rows whose reference to ${key.referencedTable} (${key.name}) finds nothing.`,
        ),
      );
    }
    const spelled = hasText(table, key) ? await count(reader, spellingSql(table.name, key)) : 0;
    if (spelled > 0) {
      findings.push(
        finding(
          'warn',
          table,
          key,
          spelled,
          `Rows whose reference to ${key.referencedTable} (${key.name}) is spelled differently there: equal by collation, different in bytes.`,
        ),
      );
    }
  }
  return { table: { ...table, foreignKeys }, findings };
}

function qualified({ referencedDatabase, referencedTable }: ForeignKeyFacts): string {
  return referencedDatabase === undefined ? referencedTable : `${referencedDatabase}.${referencedTable}`;
}

async function children(
  reader: SourceReader,
  table: string,
  key: ForeignKeyFacts,
): Promise<{ parents: number; p50: number; p99: number; max: number }> {
  const columns = key.columns.map(quoted);
  const present = columns.map((column) => `${column} IS NOT NULL`).join(' AND ');
  const histogram = await reader.query(
    `SELECT n, COUNT(*) AS parents FROM (SELECT COUNT(*) AS n FROM ${quoted(table)} WHERE ${present}
      GROUP BY ${columns.join(', ')}) AS counts GROUP BY n ORDER BY n`,
  );
  const bars = histogram.map((row) => ({ n: Number(row['n']), parents: Number(row['parents']) }));
  const parents = bars.reduce((sum, bar) => sum + bar.parents, 0);
  const at = (share: number): number => {
    let seen = 0;
    for (const bar of bars) {
      seen += bar.parents;
      if (seen >= Math.ceil(parents * share)) return bar.n;
    }
    return 0;
  };
  return { parents, p50: at(0.5), p99: at(0.99), max: bars.at(-1)?.n ?? 0 };
}

function join(table: string, key: ForeignKeyFacts): string {
  const on = key.columns.map(
    (column, index) => `p.${quoted(key.referencedColumns[index] ?? '')} = c.${quoted(column)}`,
  );
  return `${quoted(table)} AS c LEFT JOIN ${quoted(key.referencedTable)} AS p ON ${on.join(' AND ')}`;
}

function orphanSql(table: string, key: ForeignKeyFacts): string {
  const present = key.columns.map((column) => `c.${quoted(column)} IS NOT NULL`).join(' AND ');
  return `SELECT COUNT(*) AS n FROM ${join(table, key)} WHERE ${present} AND p.${quoted(key.referencedColumns[0] ?? '')} IS NULL`;
}

function spellingSql(table: string, key: ForeignKeyFacts): string {
  const differs = key.columns.map(
    (column, index) =>
      `CAST(c.${quoted(column)} AS BINARY) <> CAST(p.${quoted(key.referencedColumns[index] ?? '')} AS BINARY)`,
  );
  return `SELECT COUNT(*) AS n FROM ${join(table, key)} WHERE ${differs.join(' OR ')}`;
}

async function count(reader: SourceReader, sql: string): Promise<number> {
  const [row] = await reader.query(sql);
  return Number(row?.['n'] ?? 0);
}

function hasText(table: TableFacts, key: ForeignKeyFacts): boolean {
  return table.columns.some((column) => key.columns.includes(column.name) && column.collation !== null);
}

function finding(
  severity: UnnumberedFinding['severity'],
  table: TableFacts,
  key: ForeignKeyFacts,
  count: number,
  text: string,
): UnnumberedFinding {
  return { severity, table: table.name, columns: key.columns, count, finding: text };
}
