/** A Markdown table; cells are escaped, so text from a database can't break it. */
export function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const line = (cells: readonly (string | number)[]) => `| ${cells.map(cell).join(' | ')} |`;
  return [line(head), `|${head.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n');
}

function cell(value: string | number): string {
  return String(value)
    .replaceAll('|', '\\|')
    .replace(/\s*\n\s*/g, ' ');
}

/** Inline code; backticks within are kept by a longer fence. */
export function code(text: string): string {
  return text.includes('`') ? `\`\` ${text} \`\`` : `\`${text}\``;
}

/** A number with at most `digits` decimals, always with a point: the same in every locale. */
export function number(value: number, digits = 2): string {
  return String(Math.round(value * 10 ** digits) / 10 ** digits);
}

/** A difference in US dollars, with its sign. */
export function signedDollars(value: number): string {
  return `${value < 0 ? '-' : '+'}${dollars(Math.abs(value))}`;
}

/** US dollars; small amounts keep their first digits. */
export function dollars(value: number): string {
  return `$${value >= 1 || value === 0 ? value.toFixed(2) : value.toPrecision(2)}`;
}

/** A bulleted list, or a line that says that there is nothing. */
export function list(lines: readonly string[]): string {
  return lines.length === 0 ? 'Nothing.' : lines.map((line) => `- ${line}`).join('\n');
}
