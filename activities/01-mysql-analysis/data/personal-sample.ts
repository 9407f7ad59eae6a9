import type { ColumnFacts, TableFacts } from '../../../core/analysis.ts';
import { quoted, type SourceReader } from '../source.ts';
import type { UnnumberedFinding } from './findings.ts';
import { kindsOf } from './personal-values.ts';
import { sampling } from './statistics.ts';

/** Rows looked at, and how much of each value: enough for every pattern, and little to hold. */
const SAMPLE_ROWS = 500;
const MOST_ROWS = 2_000;
const VALUE_CHARACTERS = 200;
/** Columns asked for at once: rows of very wide tables stay small. */
const COLUMNS_AT_ONCE = 50;

/**
 * Columns whose values look like personal data by their form. The values are looked at here and go no further: what
 * is told is a column, a kind and a number.
 */
export async function personalValues(reader: SourceReader, table: TableFacts): Promise<UnnumberedFinding[]> {
  const columns = table.columns.filter(mayBePersonal);
  const every = Math.max(1, Math.ceil(table.statistics.rows / SAMPLE_ROWS));
  const findings: UnnumberedFinding[] = [];
  for (let at = 0; at < columns.length; at += COLUMNS_AT_ONCE) {
    const batch = columns.slice(at, at + COLUMNS_AT_ONCE);
    const selected = batch.map((column, index) => `${shortened(column)} AS c${index}`);
    const rows = await reader.query(
      `SELECT ${selected.join(', ')} FROM ${quoted(table.name)}${sampling(table, every)} LIMIT ${MOST_ROWS}`,
    );
    for (const [index, column] of batch.entries()) {
      const values = rows.map((row) => row[`c${index}`]).filter((value) => value !== null && value !== undefined);
      for (const { kind, count } of kindsOf(values.map(String))) {
        findings.push({
          severity: 'info',
          table: table.name,
          columns: [column.name],
          count,
          finding: `Values of the form of personal data (${kind}): ${count} of ${values.length} that were looked at, ${
            every === 1 ? 'all rows' : `a sample of one row in ${every} by a hash of the key`
          }.`,
        });
      }
    }
  }
  return findings;
}

/** Text long enough for the shortest pattern, JSON, and whole numbers that could be card numbers. */
function mayBePersonal(column: ColumnFacts): boolean {
  if (column.dataType === 'json' || column.dataType === 'bigint') return true;
  return column.characterSet !== null && (column.maxLength ?? 0) >= 7 && column.labels === undefined;
}

function shortened(column: ColumnFacts): string {
  const name = quoted(column.name);
  const text = column.characterSet === null ? `CAST(${name} AS CHAR)` : `CONVERT(${name} USING utf8mb4)`;
  return `LEFT(${text}, ${VALUE_CHARACTERS})`;
}
