/**
 * What a place for a value stands for, judged by the SQL before it: only used to give inputs good names, so a rough
 * reading is enough.
 */
export function columnOf(before: string): string | undefined {
  const tail = before.replace(/\s+/g, ' ').slice(-2000);
  const inserted = insertedColumn(tail);
  if (inserted !== undefined) return inserted;
  if (/\blimit $/i.test(tail)) return 'limit';
  if (/\boffset $/i.test(tail)) return 'offset';
  const compared = COMPARED.exec(tail);
  if (compared) return clean(compared[1]);
  const listed = LISTED.exec(tail);
  if (listed) return plural(clean(listed[1]));
  const between = BETWEEN.exec(tail);
  if (between) return `${between[2] === undefined ? 'from' : 'to'}_${clean(between[1])}`;
  return /\bvalues\s*$/i.test(tail) ? 'rows' : undefined;
}

/** The column that a value is compared with or stored in, as the SQL before it writes the column; none for a limit. */
export function boundColumn(before: string): string | undefined {
  const tail = before.replace(/\s+/g, ' ').slice(-2000);
  if (/\b(?:limit|offset) $/i.test(tail)) return undefined;
  const name = insertedColumn(tail) ?? (COMPARED.exec(tail) ?? LISTED.exec(tail) ?? BETWEEN.exec(tail))?.[1];
  return clean(name);
}

const COMPARED = /([\w`]+)\s*(?:=|<=>|<>|!=|<=|>=|<|>|\blike\b|\bnot like\b|\bregexp\b|\+|-)\s*$/i;
const LISTED = /([\w`]+)\s+(?:not\s+)?in\s*\([^()]*$/i;
const BETWEEN = /([\w`]+)\s+between\s+(\? and )?$/i;

/** The column list of `INSERT INTO t (a, b) VALUES`. */
const INSERT = /\b(?:insert|replace)\b[^()]*\(([^()]*)\)\s*values?\s*([\s\S]*)$/i;

function insertedColumn(tail: string): string | undefined {
  const match = INSERT.exec(tail);
  if (!match || /\bon duplicate key\b/i.test(match[2] ?? '')) return undefined;
  const open = (match[2] ?? '').lastIndexOf('(');
  if (open < 0) return undefined;
  const inner = (match[2] ?? '').slice(open + 1);
  if (inner.includes(')')) return undefined;
  return clean(match[1]?.split(',')[inner.split(',').length - 1]?.trim());
}

/** How many columns a row of `VALUES ?` has. */
export function widthOfInsert(before: string): number | undefined {
  const match = /\b(?:insert|replace)\b[^()]*\(([^()]*)\)\s*values\s*$/i.exec(before);
  return match?.[1]?.split(',').length;
}

function clean(name: string | undefined): string | undefined {
  const bare = name?.replace(/`/g, '');
  return bare === undefined || bare === '' || /^\d/.test(bare) ? undefined : bare;
}

function plural(name: string | undefined): string | undefined {
  return name === undefined ? undefined : name.endsWith('s') ? name : `${name}s`;
}

/** The kind of statement, by its first word. */
export function statementKind(sql: string): 'select' | 'insert' | 'update' | 'delete' | 'replace' | 'other' {
  const word = /^[\s(]*(?:\/\*[\s\S]*?\*\/\s*|--[^\n]*\n\s*)*([a-z]+)/i.exec(sql)?.[1]?.toLowerCase();
  if (word === 'with') return /\b(update|delete)\b/i.test(sql) ? 'other' : 'select';
  const known = ['select', 'insert', 'update', 'delete', 'replace'] as const;
  return known.find((each) => each === word) ?? 'other';
}
