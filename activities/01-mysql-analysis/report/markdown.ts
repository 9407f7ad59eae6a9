/** Text as a table cell or inline text: nothing in it can end the cell, open markup or break the line. */
export function plain(text: string): string {
  return printable(text)
    .replace(/[\\`*_[\]{}#|~]/g, '\\$&')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}

/** Text as an inline code span, fenced by more backticks than it holds; the pipe must be escaped even there. */
export function code(text: string): string {
  const shown = printable(text).replaceAll('|', '\\|');
  if (shown === '') return '';
  const longest = Math.max(0, ...[...shown.matchAll(/`+/g)].map((match) => match[0].length));
  const fence = '`'.repeat(longest + 1);
  const space = shown.startsWith('`') || shown.endsWith('`') ? ' ' : '';
  return `${fence}${space}${shown}${space}${fence}`;
}

/** Several names as code, apart by commas; a dash for none. */
export function codes(names: readonly string[]): string {
  return names.length === 0 ? '–' : names.map(code).join(', ');
}

/** A table; cells must be escaped already. */
export function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  if (rows.length === 0) return 'None.\n';
  const line = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |\n`;
  return line(head) + line(head.map(() => '---')) + rows.map(line).join('');
}

/** Paragraphs and tables put together, one empty line between. */
export function document(...blocks: readonly string[]): string {
  return `${blocks.map((block) => block.trimEnd()).join('\n\n')}\n`;
}

/** Whole number with thin groups that no locale changes. */
export function number(value: number): string {
  const [whole = '', fraction] = String(value).split('.');
  const grouped = /^\d+$/.test(whole) ? whole.replace(/\B(?=(?:\d{3})+$)/g, ',') : whole;
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

/** White space becomes a space, other control characters and direction marks become visible. */
function printable(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replace(
      /[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu,
      (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
    )
    .trim();
}
