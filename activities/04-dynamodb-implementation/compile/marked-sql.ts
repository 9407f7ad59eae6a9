import type { SqlPart, SqlTemplate } from '../../../core/sql-template.ts';
import { Refusal } from './refusal.ts';

export interface Parameter {
  readonly kind: 'value' | 'list' | 'rows';
  readonly expression: string;
}

/** A template as one SQL text that a parser can read: what varies is marked, and listed beside it. */
export interface MarkedSql {
  readonly sql: string;
  /** `:p0`, `:p1` … in the text; rows as `(:p0)`. */
  readonly parameters: readonly Parameter[];
  /** `__OPT(n, x)`: x is there only if the n-th of these holds. */
  readonly conditions: readonly string[];
  /** `__ORDER(n)`: one of these alternatives of an ORDER BY list. */
  readonly orders: readonly (readonly { readonly condition: string; readonly sql: string }[])[];
}

/** Marks what varies in a template. Throws a {@link Refusal} for variations that are no conjunct, assignment or order. */
export function markSql(template: SqlTemplate): MarkedSql {
  const marker = new Marker();
  const sql = marker.render(template.parts, '');
  return { sql, parameters: marker.parameters, conditions: marker.conditions, orders: marker.orders };
}

class Marker {
  readonly parameters: Parameter[] = [];
  readonly conditions: string[] = [];
  readonly orders: { condition: string; sql: string }[][] = [];

  render(parts: readonly SqlPart[], before: string): string {
    return parts.reduce((text, part) => text + this.part(part, before + text), '');
  }

  private part(part: SqlPart, before: string): string {
    switch (part.kind) {
      case 'text':
        return part.text;
      case 'parameter':
        return this.parameter({ kind: 'value', expression: part.expression });
      case 'list':
        return this.parameter({ kind: 'list', expression: part.expression });
      case 'rows':
        return `(${this.parameter({ kind: 'rows', expression: part.expression })})`;
      case 'optional':
        return this.optional(part.condition, part.parts, before);
      case 'choice':
        return this.choice(part.alternatives, before);
      case 'joined':
        return part.items.reduce((text, item, position) => {
          const lead = position === 0 ? '' : part.separator;
          return text + lead + this.item(item, part.separator, before + text + lead);
        }, '');
    }
  }

  private parameter(parameter: Parameter): string {
    this.parameters.push(parameter);
    return `:p${this.parameters.length - 1}`;
  }

  private item(item: SqlPart, separator: string, before: string): string {
    if (item.kind !== 'optional') return this.part(item, before);
    const inner = this.render(item.parts, before);
    return /\band\b/i.test(separator) ? this.mark(item.condition, inner) : this.assignment(item.condition, inner);
  }

  private optional(condition: string, parts: readonly SqlPart[], before: string): string {
    const inner = this.render(parts, before);
    const conjunct = /^(\s*(?:and|where)\s)([\s\S]+?)(\s*)$/i.exec(inner);
    if (conjunct !== null && !/\b(order|group)\s+by\b|\blimit\b/i.test(inner)) {
      return `${conjunct[1] ?? ''}${this.mark(condition, conjunct[2] ?? '')}${conjunct[3] ?? ''}`;
    }
    const assigned = /^(\s*,)([\s\S]+)$/.exec(inner);
    if (assigned !== null) return `${assigned[1] ?? ''} ${this.assignment(condition, assigned[2] ?? '')}`;
    throw new Refusal(
      `The optional part "${inner.trim()}" is neither a condition nor an assignment.`,
      'Write the two forms as two statements.',
    );
  }

  private mark(condition: string, inner: string): string {
    this.conditions.push(condition);
    return `__OPT(${this.conditions.length - 1}, (${inner.trim()}))`;
  }

  private assignment(condition: string, inner: string): string {
    const match = /^\s*([\w.`]+)\s*=\s*([\s\S]+)$/.exec(inner);
    if (match === null)
      throw new Refusal(`"${inner.trim()}" is no assignment.`, 'Give each SET item as column = value.');
    this.conditions.push(condition);
    return `${match[1] ?? ''} = __OPT(${this.conditions.length - 1}, (${match[2] ?? ''}))`;
  }

  private choice(alternatives: Extract<SqlPart, { kind: 'choice' }>['alternatives'], before: string): string {
    const [only] = alternatives;
    if (alternatives.length === 1 && only?.condition === 'true') return this.render(only.parts, before);
    if (!/\border\s+by\s*$/i.test(before)) {
      throw new Refusal(
        'A part of the statement is chosen when it runs.',
        'Only the list of ORDER BY can be chosen so far.',
      );
    }
    const order = alternatives.map(({ condition, parts }) => ({ condition, sql: this.render(parts, '') }));
    this.orders.push(order);
    return `__ORDER(${this.orders.length - 1})`;
  }
}
