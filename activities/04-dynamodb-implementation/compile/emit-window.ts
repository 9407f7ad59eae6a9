import { aggregateOf, emit, lambda, type Place } from './emit-expression.ts';
import { orderSteps } from './emit-order.ts';
import type { Writing } from './pipeline.ts';
import { Refusal } from './refusal.ts';
import { fingerprint } from './scope.ts';
import type { Expression, Select } from './statement.ts';

type Window = Extract<Expression, { kind: 'window' }>;

const RANKS: Readonly<Record<string, string>> = {
  ...{ ROW_NUMBER: 'rowNumber', RANK: 'rank', DENSE_RANK: 'denseRank' },
  ...{ PERCENT_RANK: 'percentRank', CUME_DIST: 'cumeDist' },
};
const VALUES: Readonly<Record<string, string>> = {
  ...{ LAG: 'lag', LEAD: 'lead' },
  ...{ FIRST_VALUE: 'firstValue', LAST_VALUE: 'lastValue', NTH_VALUE: 'nthValue' },
};

/** Writes the window functions of a SELECT, one after the other; their values become members of the rows. */
export function emitWindows(
  writing: Writing,
  text: string,
  windows: readonly Window[],
  columns: Select['columns'],
  place: Place,
  lines: string[],
): { text: string; place: Place } {
  const answers = new Map(place.subqueries);
  const attached = [...place.attached];
  const known = new Map<string, string>();
  let rows = text;
  for (const window of windows) {
    const id = fingerprint(window, place.scope);
    let name = known.get(id);
    if (name === undefined) {
      const wish = columns.find(({ expression }) => expression === window)?.name ?? window.of.name.toLowerCase();
      name = writing.fresh(wish);
      known.set(id, name);
      attached.push(name);
      const variable = writing.fresh('windowed');
      const arguments_ = [rows, JSON.stringify(name), overText(window, place), functionText(window, place)];
      lines.push(`const ${variable} = sql.window(${arguments_.join(', ')});`);
      rows = variable;
    }
    answers.set(window, name);
  }
  return { text: rows, place: { ...place, attached, subqueries: answers } };
}

function overText({ partitionBy, orderBy, frame }: Window, place: Place): string {
  const members: string[] = [];
  if (partitionBy.length > 0) {
    const own: Place = { ...place, used: new Set() };
    members.push(`partitionBy: ${lambda(own, `[${partitionBy.map((each) => emit(each, own)).join(', ')}]`)}`);
  }
  if (orderBy.length > 0) members.push(`orderBy: [${orderSteps(orderBy, place).join(', ')}]`);
  if (frame !== null) members.push(`frame: { from: ${bound(frame.from)}, to: ${bound(frame.to)} }`);
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`;
}

function bound(distance: number | string): string {
  return typeof distance === 'number' ? String(distance) : `'${distance}'`;
}

function functionText({ of }: Window, place: Place): string {
  if (of.kind === 'aggregate') {
    if (of.distinct) throw new Refusal(`DISTINCT in a window has no equal.`, 'Group the rows first.');
    return `sql.inFrame((frame) => ${aggregateOf(of, 'frame', { ...place, used: new Set() })})`;
  }
  const [first, second, third] = of.operands;
  const rank = RANKS[of.name];
  if (rank !== undefined) return `sql.${rank}()`;
  if (of.name === 'NTILE' && first !== undefined) return `sql.ntile(${constant(first, place)})`;
  const name = VALUES[of.name];
  if (name === undefined || first === undefined) {
    throw new Refusal(`${of.name} is no window function that has an equal.`, 'Compute it in the application.');
  }
  const each = (expression: Expression): string => {
    const own: Place = { ...place, used: new Set() };
    return lambda(own, emit(expression, own));
  };
  const rest = [
    ...(second === undefined ? [] : [constant(second, place)]),
    ...(third === undefined ? [] : [each(third)]),
  ];
  return `sql.${name}(${[each(first), ...rest].join(', ')})`;
}

/** A number that is the same for all rows. */
function constant(expression: Expression, place: Place): string {
  if (expression.kind === 'literal' || expression.kind === 'parameter') return emit(expression, place);
  throw new Refusal('A distance in a window that differs from row to row.', 'Give a number.');
}
