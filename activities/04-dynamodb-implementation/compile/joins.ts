import { Refusal } from './refusal.ts';
import type { Bound, Shared } from './scope.ts';
import type { Expression, Source } from './statement.ts';

/** The joins of a statement in the order in which they are carried out, each with all of its condition in ON. */
export interface Joins {
  readonly sources: readonly Source[];
  /** Columns that USING makes one. */
  readonly shared: readonly Shared[];
}

/** `a RIGHT JOIN b` becomes `b LEFT JOIN a`; USING becomes ON. `bounds` are as written, as are the columns of `*`. */
export function arrangeJoins(sources: readonly Source[], bounds: readonly Bound[]): Joins {
  const shared: Shared[] = [];
  let arranged: Source[] = [];
  for (const [position, source] of sources.entries()) {
    const [bound, first] = [bounds[position], arranged[0]];
    const right = source.join === 'right';
    if (bound === undefined || (right && (first === undefined || arranged.length > 1))) {
      throw new Refusal('RIGHT JOIN behind several tables has no equal.', 'Put its table first, and use LEFT JOIN.');
    }
    const on = [
      ...(source.on === null ? [] : [source.on]),
      ...(source.using ?? []).map((column) => equal(column, bound, bounds.slice(0, position), shared, right)),
    ];
    const condition = on.length === 0 ? null : on.reduce(both);
    arranged =
      right && first !== undefined
        ? [
            { ...source, join: 'inner', on: null },
            { ...first, join: 'left', on: condition },
          ]
        : [...arranged, { ...source, on: condition }];
  }
  return { sources: arranged, shared };
}

function both(left: Expression, right: Expression): Expression {
  return { kind: 'operation', operator: 'AND', operands: [left, right] };
}

/** A column of USING: equal in both, and from then on one. */
function equal(column: string, bound: Bound, before: readonly Bound[], shared: Shared[], right: boolean): Expression {
  const known = shared.findIndex((each) => each.column === column);
  const earlier = shared[known]?.bounds ?? before.filter(({ entity }) => entity.columns[column] !== undefined);
  const left = shared[known]?.from ?? earlier[0];
  if (left === undefined || (known < 0 && earlier.length > 1) || bound.entity.columns[column] === undefined) {
    throw new Refusal(`${column} of USING is in none of the tables, or in several.`, 'Join by ON.');
  }
  const one: Shared = { column, from: right ? bound : left, bounds: [...earlier, bound] };
  if (known < 0) shared.push(one);
  else shared[known] = one;
  const of = ({ alias }: Bound): Expression => ({ kind: 'column', table: alias, column });
  return { kind: 'operation', operator: '=', operands: [of(left), of(bound)] };
}
