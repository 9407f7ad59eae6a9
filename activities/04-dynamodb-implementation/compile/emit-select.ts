import { emit, lambda, member, type Place } from './emit-expression.ts';
import { emitQuery, type Found } from './emit-query.ts';
import type { Writing } from './pipeline.ts';
import type { ResultType } from './result-type.ts';
import type { Query } from './statement.ts';

/** Writes the body of a reading method. */
export async function emitSelect(writing: Writing, query: Query): Promise<string[]> {
  const lines: string[] = [];
  const found = await emitQuery(writing, query, lines, { named: true });
  lines.push(`return sql.shaped(${found.text}, ${shape(found)});`);
  if (JSON.stringify(query).includes('"lock":true')) {
    return [`return store.locking(unit, async (${writing.reader}) => {`, ...lines, '});'];
  }
  if (writing.plan.length === 0) {
    writing.plan.push('Asks DynamoDB for a sign of life');
    lines.unshift('await store.ping();');
  }
  const reads = lines.some((line) => new RegExp(`\\b${writing.reader}\\.`).test(line));
  return reads ? [`const ${writing.reader} = store.reader(unit);`, ...lines] : lines;
}

function shape({ columns, place }: Found): string {
  const own: Place = { ...place, used: new Set() };
  const members = columns.map(({ name, expression, type }) => {
    const value = presented(type, emit(expression, own));
    return `${/^[A-Za-z_$][\w$]*$/.test(name ?? '') ? name : JSON.stringify(name)}: ${value}`;
  });
  return lambda(own, `{ ${members.join(', ')} }`);
}

function presented(type: ResultType, value: string): string {
  const digits = 'digits' in type ? `, ${type.digits}` : '';
  return `${member('store.out', type.kind)}(${value}${digits})`;
}
