import { asNode, list, type Node, optionalNode, string } from './parse-node.ts';
import { Refusal } from './refusal.ts';
import type { Expression, Frame } from './statement.ts';

/** Windows that WINDOW gives a name. */
export type Windows = ReadonlyMap<string, Node>;

export function namedWindows(value: unknown): Windows {
  const clause = optionalNode(value);
  if (clause === null) return new Map();
  return new Map(
    list(clause['expr']).map((each) => {
      const node = asNode(each);
      return [string(node['name']).toLowerCase(), asNode(node['as_window_specification'])];
    }),
  );
}

/** A function with its OVER: `inner` reads expressions. */
export function parseWindow(
  of: Expression,
  over: unknown,
  windows: Windows,
  inner: (value: unknown) => Expression,
): Expression {
  if (of.kind !== 'aggregate' && of.kind !== 'call') {
    throw new Refusal('OVER stands behind something that is no function.', 'Write the method by hand.');
  }
  const given = asNode(over)['as_window_specification'];
  const found = typeof given === 'string' ? windows.get(given.toLowerCase()) : asNode(given);
  if (found === undefined) throw new Refusal(`The window ${String(given)} is not defined.`, 'Define it in WINDOW.');
  const specification = asNode(found['window_specification']);
  if (typeof specification['name'] === 'string') {
    throw new Refusal('A window that is built on another one.', 'Write its PARTITION BY and ORDER BY out.');
  }
  return {
    kind: 'window',
    of,
    partitionBy: optionalList(specification['partitionby']).map((each) => inner(asNode(each)['expr'])),
    orderBy: optionalList(specification['orderby']).map((each) => ({
      expression: inner(asNode(each)['expr']),
      descending: asNode(each)['type'] === 'DESC',
    })),
    frame: parseFrame(optionalNode(specification['window_frame_clause'])),
  };
}

function optionalList(value: unknown): readonly unknown[] {
  return value === null || value === undefined ? [] : list(value);
}

function parseFrame(clause: Node | null): Frame | null {
  if (clause === null) return null;
  const short = clause['type'] === 'rows';
  const [from, to] = short
    ? [distance(asNode(clause['expr'])), 0]
    : list(asNode(clause['right'])['value']).map((each) => distance(asNode(each)));
  const rows = short || asNode(clause['left'])['value'] === 'rows';
  if (!rows || from === undefined || to === undefined || from === 'end' || to === 'start') {
    throw new Refusal('A window frame of this form has no equal.', 'Write it as ROWS BETWEEN … AND ….');
  }
  return { from, to };
}

/** How far a bound of a frame is from the current row. */
function distance(bound: Node): number | 'start' | 'end' {
  const text = String(bound['value']);
  const [amount, direction] = text.toLowerCase().trim().split(/\s+/);
  if (amount === 'current') return 0;
  if (amount === 'unbounded') return direction === 'preceding' ? 'start' : 'end';
  const rows = Number(amount);
  if (!Number.isInteger(rows)) throw new Refusal(`A window frame bound by ${text}.`, 'Give a number of rows.');
  return direction === 'preceding' ? -rows : rows;
}
