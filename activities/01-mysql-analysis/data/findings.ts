import type { Analysis, ColumnFacts, TableFacts } from '../../../core/analysis.ts';
import { quoted, type Row, type SourceReader } from '../source.ts';
import { columnChecks, type Check } from './checks.ts';
import { looksPersonal } from './personal.ts';
import { textChecks } from './text-checks.ts';

export type DataFinding = Analysis['dataFindings'][number];
export type UnnumberedFinding = Omit<DataFinding, 'id'>;

/** Counts of one table's checks, all in one pass over the table; never a value. */
export async function tableFindings(reader: SourceReader, table: TableFacts): Promise<UnnumberedFinding[]> {
  const server = structuralFindings(table);
  if (table.statistics.rows === 0) return server;
  const checks = columnChecks(table);
  const counted = checks.length === 0 ? [] : await runChecks(reader, table, checks);
  const texts = [];
  for (const check of textChecks(table)) {
    const [row] = await reader.query(check.sql);
    texts.push(...found(table, check, Number(row?.['n'] ?? 0)));
  }
  return [...server, ...counted, ...texts];
}

/** What names and types alone tell. */
function structuralFindings(table: TableFacts): UnnumberedFinding[] {
  const findings: UnnumberedFinding[] = [];
  const add = (severity: DataFinding['severity'], columns: readonly string[], finding: string): void => {
    findings.push({ severity, table: table.name, columns, count: table.statistics.rows, finding });
  };
  if (table.primaryKey.length === 0) {
    const unique = table.indexes.find(
      (index) => index.unique && index.parts.every((part) => isRequired(table, part.column)),
    );
    if (unique === undefined)
      add('stop', [], 'The table has no primary key and no unique key without NULL: its rows can not be told apart.');
    else add('warn', [], `The table has no primary key; the unique key ${unique.name} identifies its rows.`);
  }
  for (const column of table.columns) {
    const personal = looksPersonal(column.name);
    if (personal !== undefined) add('info', [column.name], `The column's name suggests personal data (${personal}).`);
    if (column.dataType === 'decimal' && (column.precision ?? 0) > 38) {
      add(
        'warn',
        [column.name],
        `DECIMAL of ${column.precision} digits: DynamoDB's numbers hold 38, so it is stored as text.`,
      );
    }
  }
  return findings;
}

function isRequired(table: TableFacts, column: string | null): boolean {
  return column !== null && table.columns.some((one: ColumnFacts) => one.name === column && !one.nullable);
}

async function runChecks(
  reader: SourceReader,
  table: TableFacts,
  checks: readonly Check[],
): Promise<UnnumberedFinding[]> {
  const sums = checks.map((check, index) => `COALESCE(SUM(${check.condition}), 0) AS n${index}`);
  const [row]: Row[] = await reader.query(`SELECT ${sums.join(', ')} FROM ${quoted(table.name)}`);
  return checks.flatMap((check, index) => found(table, check, Number(row?.[`n${index}`] ?? 0)));
}

function found(
  table: TableFacts,
  check: Pick<Check, 'severity' | 'columns' | 'finding'>,
  count: number,
): UnnumberedFinding[] {
  if (count === 0) return [];
  return [{ severity: check.severity, table: table.name, columns: check.columns, count, finding: check.finding }];
}

/** Numbers findings in the order of tables: `D-001` … */
export function numbered(findings: readonly UnnumberedFinding[]): DataFinding[] {
  return findings.map((finding, index) => ({ id: `D-${String(index + 1).padStart(3, '0')}`, ...finding }));
}
