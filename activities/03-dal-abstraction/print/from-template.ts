import type { SqlPart } from '../../../core/sql-template.ts';

/** A statement as code: what builds it, and the expressions of its text and values. */
export interface PrintedStatement {
  readonly building: string;
  readonly sql: string;
  readonly values: string;
}

/**
 * A statement that the application puts together in a helper, written out: no single place of the source has it. Gives
 * undefined for parts that are not of one fixed text with conditions.
 */
export function printFromTemplate(parts: readonly SqlPart[]): PrintedStatement | undefined {
  const flat = flatten(parts);
  if (flat !== undefined) return { building: '', sql: quoted(flat.sql), values: `[${flat.values.join(', ')}]` };
  const lines = statementsFor(parts);
  if (lines === undefined) return undefined;
  return { building: ["let sql = '';", 'const values = [];', ...lines].join('\n'), sql: 'sql', values: 'values' };
}

/** A text that is always the same, with the values of its places. */
function flatten(parts: readonly SqlPart[]): { sql: string; values: string[] } | undefined {
  let sql = '';
  const values: string[] = [];
  for (const part of parts) {
    if (part.kind === 'text') sql += part.text;
    else if (part.kind === 'parameter' || part.kind === 'list') {
      sql += '?';
      values.push(part.expression);
    } else return undefined;
  }
  return { sql, values };
}

function statementsFor(parts: readonly SqlPart[]): string[] | undefined {
  const lines: string[] = [];
  for (const part of runsOf(parts)) {
    if (Array.isArray(part)) {
      const flat = flatten(part);
      if (flat === undefined) return undefined;
      lines.push(`sql += ${quoted(flat.sql)};`);
      if (flat.values.length > 0) lines.push(`values.push(${flat.values.join(', ')});`);
    } else if (part.kind === 'optional') {
      const inner = statementsFor(part.parts);
      if (inner === undefined) return undefined;
      lines.push(`if (${part.condition}) {`, ...inner, '}');
    } else if (part.kind === 'joined') {
      const inner = joined(part.items, part.separator);
      if (inner === undefined) return undefined;
      lines.push(...inner);
    } else return undefined;
  }
  return lines;
}

/** Parts that are always there one after the other, and each other part by itself. */
function runsOf(parts: readonly SqlPart[]): (SqlPart[] | Exclude<SqlPart, { kind: 'text' }>)[] {
  const runs: (SqlPart[] | Exclude<SqlPart, { kind: 'text' }>)[] = [];
  for (const part of parts) {
    const last = runs.at(-1);
    const isPlain = part.kind === 'text' || part.kind === 'parameter' || part.kind === 'list';
    if (isPlain && Array.isArray(last)) last.push(part);
    else runs.push(isPlain ? [part] : part);
  }
  return runs;
}

/** `a = ?, b = ?` of which each may be left out. */
function joined(items: readonly SqlPart[], separator: string): string[] | undefined {
  const lines = ['const list = [];'];
  for (const item of items) {
    const flat = flatten(item.kind === 'optional' ? item.parts : [item]);
    if (flat === undefined) return undefined;
    const adding = [`list.push(${quoted(flat.sql)});`];
    if (flat.values.length > 0) adding.push(`values.push(${flat.values.join(', ')});`);
    lines.push(...(item.kind === 'optional' ? [`if (${item.condition}) {`, ...adding, '}'] : adding));
  }
  return [...lines, `sql += list.join(${quoted(separator)});`];
}

const quoted = (text: string): string => `'${text.replace(/[\\']/g, '\\$&').replaceAll('\n', '\\n')}'`;
