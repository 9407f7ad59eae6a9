import type { SqlPart, SqlTemplate } from '../core/sql-template.ts';

/** One placeholder of a variant, in order of its `?`. */
export interface VariantParameter {
  readonly kind: 'parameter' | 'list' | 'rows';
  readonly expression: string;
}

/** One concrete statement that a template can produce. */
export interface TemplateVariant {
  /** Ordinary SQL; a list is written `?` (inside its parentheses), rows as one tuple of `?`. */
  readonly sql: string;
  readonly parameters: readonly VariantParameter[];
  /** How the template's conditions stand in this variant, by their source text. */
  readonly conditions: Readonly<Record<string, boolean>>;
}

/** More variants than this of one template are not expanded; the ones kept switch each condition at least once. */
export const MAX_VARIANTS = 64;

/**
 * All concrete statements of a template, the one with every option on first. The same condition in two places
 * stands the same way in both; variants that give the same text are listed once; a joined list that would be
 * empty gives no variant when the text before it needs an item (such as `SET`).
 */
export function expandTemplate(template: SqlTemplate): TemplateVariant[] {
  const conditions = [...collectConditions(template.parts)];
  const variants = new Map<string, TemplateVariant>();
  for (const on of assignments(conditions)) {
    const holds = (condition: string): boolean => evaluate(condition, on);
    const rendered = render(template.parts, holds);
    if (rendered === undefined || variants.has(rendered.sql)) continue;
    const states = Object.fromEntries(conditions.map((condition) => [condition, on.has(condition)]));
    variants.set(rendered.sql, { ...rendered, conditions: states });
    if (variants.size === MAX_VARIANTS) break;
  }
  return [...variants.values()];
}

/** Whether {@link expandTemplate} lists every statement that the template can produce. */
export function listsAllVariants(template: SqlTemplate): boolean {
  return isEnumerable(collectConditions(template.parts).size) && expandTemplate(template).length < MAX_VARIANTS;
}

function isEnumerable(conditions: number): boolean {
  return 2 ** conditions <= MAX_VARIANTS * 4;
}

/** Distinct conditions in order of appearance, negations reduced to what they negate. */
function collectConditions(parts: readonly SqlPart[], found = new Set<string>()): Set<string> {
  for (const part of parts) {
    if (part.kind === 'optional') {
      addCondition(part.condition, found);
      collectConditions(part.parts, found);
    } else if (part.kind === 'joined') {
      collectConditions(part.items, found);
    } else if (part.kind === 'choice') {
      for (const alternative of part.alternatives) {
        addCondition(alternative.condition, found);
        collectConditions(alternative.parts, found);
      }
    }
  }
  return found;
}

function addCondition(condition: string, found: Set<string>): void {
  const plain = positive(condition).condition;
  if (plain !== 'true' && plain !== 'false') found.add(plain);
}

/** `!(x)` and `!x` are the negation of `x`; anything cleverer is a condition of its own. */
function positive(condition: string): { condition: string; negated: boolean } {
  const trimmed = condition.trim();
  const match = /^!\s*(?:\(([^()]*)\)|([\w$.?[\]]+))$/.exec(trimmed);
  return match === null
    ? { condition: trimmed, negated: false }
    : { condition: (match[1] ?? match[2] ?? '').trim(), negated: true };
}

function evaluate(condition: string, on: ReadonlySet<string>): boolean {
  const { condition: plain, negated } = positive(condition);
  const value = plain === 'true' || on.has(plain);
  return negated ? !value : value;
}

/**
 * Sets of conditions that hold: all, then every combination when there are few, else all but one, one alone,
 * all but two, two alone, none.
 */
function* assignments(conditions: readonly string[]): Generator<ReadonlySet<string>> {
  if (isEnumerable(conditions.length)) {
    for (let mask = 0; mask < 2 ** conditions.length; mask += 1) {
      yield new Set(conditions.filter((_, index) => (mask & (1 << index)) === 0));
    }
    return;
  }
  yield new Set(conditions);
  for (const off of conditions) yield new Set(conditions.filter((condition) => condition !== off));
  for (const only of conditions) yield new Set([only]);
  yield new Set();
  for (const [index, first] of conditions.entries()) {
    for (const second of conditions.slice(index + 1)) yield new Set([first, second]);
  }
}

interface Rendered {
  readonly sql: string;
  readonly parameters: readonly VariantParameter[];
}

/** The text under the given conditions, or nothing when a list that must not be empty is. */
function render(
  parts: readonly SqlPart[],
  holds: (condition: string) => boolean,
  textBefore: string = '',
): Rendered | undefined {
  let sql = '';
  const parameters: VariantParameter[] = [];
  for (const part of parts) {
    const piece = renderPart(part, holds, textBefore + sql);
    if (piece === undefined) return undefined;
    sql += piece.sql;
    parameters.push(...piece.parameters);
  }
  return { sql, parameters };
}

function renderPart(part: SqlPart, holds: (condition: string) => boolean, before: string): Rendered | undefined {
  switch (part.kind) {
    case 'text':
      return { sql: part.text, parameters: [] };
    case 'parameter':
    case 'list':
      return { sql: '?', parameters: [{ kind: part.kind, expression: part.expression }] };
    case 'rows':
      return {
        sql: tuple(part.columns ?? insertWidth(before)),
        parameters: [{ kind: 'rows', expression: part.expression }],
      };
    case 'optional':
      return holds(part.condition) ? render(part.parts, holds, before) : { sql: '', parameters: [] };
    case 'choice': {
      const chosen = part.alternatives.find((alternative) => holds(alternative.condition)) ?? part.alternatives.at(-1);
      return chosen === undefined ? { sql: '', parameters: [] } : render(chosen.parts, holds, before);
    }
    case 'joined':
      return renderJoined(part, holds, before);
  }
}

function renderJoined(
  part: Extract<SqlPart, { kind: 'joined' }>,
  holds: (condition: string) => boolean,
  before: string,
): Rendered | undefined {
  const items: Rendered[] = [];
  for (const item of part.items) {
    const rendered = renderPart(item, holds, before);
    if (rendered === undefined) return undefined;
    if (rendered.sql !== '') items.push(rendered);
  }
  if (items.length === 0 && /\b(?:SET|WHERE|AND|OR|BY|VALUES|HAVING|ON|SELECT)\s*\(?\s*$/i.test(before))
    return undefined;
  return {
    sql: items.map((item) => item.sql).join(part.separator),
    parameters: items.flatMap((item) => item.parameters),
  };
}

/** Width of the column list that ends the text `INSERT INTO t (a, b) VALUES`. */
function insertWidth(before: string): number {
  const match = /\(([^()]*)\)\s*VALUES?\s*$/i.exec(before);
  return match === null ? 1 : (match[1] ?? '').split(',').length;
}

function tuple(width: number): string {
  return `(${Array.from({ length: width }, () => '?').join(', ')})`;
}
