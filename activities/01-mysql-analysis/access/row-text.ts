import { identifier } from '../../mysql.ts';
import type { Row } from '../source.ts';
import { outputColumns, withoutQuoted } from './statements.ts';

/**
 * Rows as text that survives any way: each value in hexadecimal of its UTF-8 text, NULL as `~`, a row between `R:` and
 * `:R`. Servers in between may print JSON, CSV or a table, may round numbers and turn dates into their own zone: the
 * database made text of the values before, and in this text there is nothing to change. A last row says that none is
 * missing, since servers in between cut long answers off without a word.
 */
const END = 'R:END:R';
const TOO_LONG = 'R:LONG:R';

/** A statement that gives one page of another's rows as such text. */
export function pageStatement(sql: string, offset: number, rows: number): string {
  const columns = outputColumns(sql).map((name) => `COALESCE(HEX(CONVERT(q.${identifier(name)} USING utf8mb4)), '~')`);
  // The limit stands within the derived table: without one MariaDB would forget the order there.
  const limited = /\bLIMIT\s+\d+\s*$/i.test(withoutQuoted(sql));
  const inner = limited ? `SELECT * FROM (${sql}) AS o` : sql;
  return (
    `SELECT COALESCE(CONCAT('R:', CONCAT_WS(',', ${columns.join(', ')}), ':R'), '${TOO_LONG}') AS cutover_row ` +
    `FROM (${inner} LIMIT ${rows} OFFSET ${offset}) AS q UNION ALL SELECT '${END}' AS cutover_row`
  );
}

/** What came of a page: its rows, and whether the answer was whole. */
export interface Page {
  readonly rows: readonly Row[];
  readonly complete: boolean;
}

/** Reads the rows out of whatever text a server made of its answer. */
export function readPage(sql: string, answer: string): Page {
  const names = outputColumns(sql);
  const rows: Row[] = [];
  for (const [token, hexes] of answer.matchAll(/R:(?:([0-9A-F~,]*)|END|LONG):R/g)) {
    if (token === TOO_LONG) throw new Error('a row is longer than max_allowed_packet of the server lets it be');
    if (token === END) return { rows, complete: true };
    const values = (hexes ?? '').split(',');
    if (values.length !== names.length) throw new Error(`a row of ${values.length} values where ${names.length} are`);
    rows.push(Object.fromEntries(names.map((name, index) => [name, decoded(values[index] ?? '~')])));
  }
  return { rows, complete: false };
}

function decoded(hex: string): string | null {
  return hex === '~' ? null : Buffer.from(hex, 'hex').toString('utf8');
}
