import type { Analysis, ColumnFacts, TableFacts } from '../../../core/analysis.ts';
import { CutoverError } from '../../../core/errors/index.ts';
import { quoted, type Row, type SourceReader } from '../source.ts';
import { columnChecks, type Check } from './checks.ts';
import { looksPersonal } from './personal.ts';
import { personalValues } from './personal-sample.ts';
import { jsonCheck, textChecks } from './text-checks.ts';

export type DataFinding = Analysis['dataFindings'][number];
export type UnnumberedFinding = Omit<DataFinding, 'id'>;

/** Counts of one table's checks, a fixed number of statements for a table; never a value. */
export async function tableFindings(reader: SourceReader, table: TableFacts): Promise<UnnumberedFinding[]> {
  const structural = structuralFindings(table);
  if (table.statistics.rows === 0) return structural;
  const checks = columnChecks(table);
  const counted = checks.length === 0 ? [] : await readable(table, 'the rows', () => runChecks(reader, table, checks));
  const texts = [];
  for (const check of textChecks(table)) {
    texts.push(
      ...(await readable(table, check.columns.join(', '), async () => {
        const [row] = await reader.query(check.sql);
        return found(table, check, Number(row?.['n'] ?? 0));
      })),
    );
  }
  const json = await readable(table, 'text that may be JSON', () => jsonFindings(reader, table));
  const personal = await readable(table, 'text that may be personal', () => personalValues(reader, table));
  return [...structural, ...counted, ...texts, ...json, ...personal];
}

/**
 * What a check finds, or that it could not be made: a server that refuses one statement has not made the others wrong.
 * The server's message is left out, since it may hold a value; its code is enough to look the reason up.
 */
async function readable(
  table: TableFacts,
  what: string,
  check: () => Promise<readonly UnnumberedFinding[]>,
): Promise<readonly UnnumberedFinding[]> {
  try {
    return await check();
  } catch (error) {
    const isRefused =
      error instanceof CutoverError && ['analysis.query-failed', 'analysis.privileges-missing'].includes(error.code);
    if (!isRefused) throw error;
    const cause: unknown = error.cause;
    const code = typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : error.code;
    const finding = `A check of ${what} could not be made: the server refused it (${code}).`;
    return [{ severity: 'warn', table: table.name, columns: [], count: table.statistics.rows, finding }];
  }
}

async function jsonFindings(reader: SourceReader, table: TableFacts): Promise<UnnumberedFinding[]> {
  const check = jsonCheck(table);
  if (check === undefined) return [];
  const [row] = await reader.query(check.sql);
  const where = check.every === 1 ? 'all rows' : `a sample of one row in ${check.every} by a hash of the key`;
  return check.columns.flatMap((column, index) =>
    found(
      table,
      {
        severity: 'info',
        columns: [column],
        finding: `Text that looks like JSON objects or lists (counted in ${where}): it could become a map, but is kept as text.`,
      },
      Number(row?.[`n${index}`] ?? 0),
    ),
  );
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
