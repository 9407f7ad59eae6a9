import { format } from 'mysql2';
import ts from 'typescript';
import type { SqlPart, SqlTemplate } from '../../../../core/sql-template.ts';

/** A statement as an application hands it to the driver. */
export interface Statement {
  readonly sql: string;
  readonly values: readonly unknown[];
}

/** What a template says for given inputs: its expressions evaluated, its conditions decided. */
export function render(template: SqlTemplate, inputs: Readonly<Record<string, unknown>>): Statement {
  const values: unknown[] = [];
  const value = (expression: string): unknown => evaluate(expression, inputs);
  const parts = (list: readonly SqlPart[]): string => list.map(part).join('');
  const part = (each: SqlPart): string => {
    switch (each.kind) {
      case 'text':
        return each.text;
      case 'parameter':
      case 'list':
      case 'rows':
        values.push(value(each.expression));
        return '?';
      case 'optional':
        return value(each.condition) ? parts(each.parts) : '';
      case 'choice':
        return parts(each.alternatives.find(({ condition }) => value(condition))?.parts ?? []);
      case 'joined':
        return each.items
          .filter((item) => item.kind !== 'optional' || Boolean(value(item.condition)))
          .map((item) => (item.kind === 'optional' ? parts(item.parts) : part(item)))
          .join(each.separator);
    }
  };
  return { sql: parts(template.parts), values };
}

const compiled = new Map<string, (...given: unknown[]) => unknown>();

function evaluate(expression: string, inputs: Readonly<Record<string, unknown>>): unknown {
  const names = Object.keys(inputs);
  const key = [...names, expression].join('|');
  let run = compiled.get(key);
  if (run === undefined) {
    const plain = ts.transpile(`(${expression})`, { target: ts.ScriptTarget.ES2022 });
    // The point of the oracle is to run what the analysis wrote.
    // eslint-disable-next-line @typescript-eslint/no-implied-eval
    run = new Function(...names, `return ${plain}`) as (...given: unknown[]) => unknown;
    compiled.set(key, run);
  }
  return run(...Object.values(inputs));
}

/** The statement as the server would see it, blanks around commas aside: lists may be expanded here or by the driver. */
export function asSent({ sql, values }: Statement): string {
  return format(sql, values as never[]).replace(/\s*,\s*/g, ',');
}
