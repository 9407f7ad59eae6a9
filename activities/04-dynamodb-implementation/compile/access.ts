import { needsFold } from '../../../contract/attribute-type.ts';
import { readKeyTemplate } from '../../../runtime/store/key-template.ts';
import type { EntityModel, StoreModel } from '../../../runtime/store/model.ts';
import { type Path, pathsBy } from '../../../runtime/store/paths.ts';
import type { Bound, Scope } from './scope.ts';
import type { MarkedSql } from './marked-sql.ts';
import type { Expression, OrderItem } from './statement.ts';

/** How the rows of one table are read. */
export interface Access {
  readonly bound: Bound;
  readonly path: Path;
  readonly equal: ReadonlyMap<string, Expression>;
  readonly nulls: readonly string[];
  /** The column that takes each value of a list. */
  readonly each: { readonly column: string; readonly operands: readonly Expression[] } | null;
  readonly range: { readonly column: string; readonly from: Expression | null; readonly to: Expression | null } | null;
  /** Conditions that the keys alone make true. */
  readonly settled: ReadonlySet<Expression>;
}

interface Known {
  readonly equal: Map<string, { value: Expression; by: Expression }>;
  readonly nulls: Map<string, Expression>;
  readonly lists: Map<string, { operands: readonly Expression[]; by: Expression }>;
}

/** What conditions say of a table's columns, as far as the tables named in `ready` (and those outside) give the values. */
function knownColumns(
  bound: Bound,
  conditions: readonly Expression[],
  scope: Scope,
  ready: ReadonlySet<string>,
): Known {
  const known: Known = { equal: new Map(), nulls: new Map(), lists: new Map() };
  const own = (expression: Expression | undefined): string | null => {
    if (expression?.kind !== 'column') return null;
    return scope.find(expression.table, expression.column)?.bound === bound ? expression.column : null;
  };
  const given = (expression: Expression): boolean => {
    if (!['column', 'parameter', 'literal', 'call', 'operation'].includes(expression.kind)) return false;
    return [...scope.named(expression)].every((alias) => ready.has(alias));
  };
  for (const by of conditions) {
    if (by.kind !== 'operation') continue;
    const [left, right] = by.operands;
    if (left === undefined || mixed(by, bound)) continue;
    const [a, b] = [own(left), own(right)];
    if (by.operator === '=' && right !== undefined) {
      if (a !== null && given(right) && !known.equal.has(a)) known.equal.set(a, { value: right, by });
      else if (b !== null && given(left) && !known.equal.has(b)) known.equal.set(b, { value: left, by });
    } else if (by.operator === 'IS NULL' && a !== null) {
      known.nulls.set(a, by);
    } else if (by.operator === 'IN' && a !== null && by.operands.slice(1).every(given)) {
      known.lists.set(a, { operands: by.operands.slice(1), by });
    }
  }
  return known;
}

/** Text beside a number is compared as a number, which no key of text finds. */
function mixed({ operands }: Extract<Expression, { kind: 'operation' }>, bound: Bound): boolean {
  const texts = operands.some(
    (each) => each.kind === 'column' && /text|char/.test(bound.entity.columns[each.column]?.dataType ?? ''),
  );
  return texts && operands.some((each) => each.kind === 'literal' && /^(integer|decimal)$/.test(each.type));
}

/** The best way to a table's rows by these conditions; undefined when only a scan finds them. */
export function findAccess(
  model: StoreModel,
  bound: Bound,
  conditions: readonly Expression[],
  scope: Scope,
  ready: ReadonlySet<string>,
  options: { readonly lists: boolean; readonly prefer: (index: string | null) => number },
): Access | undefined {
  const known = knownColumns(bound, conditions, scope, ready);
  const single = new Set([...known.equal.keys(), ...known.nulls.keys()]);
  const lists = options.lists ? [...known.lists.keys()].filter((column) => !single.has(column)) : [];
  const ways = [null, ...lists].flatMap((list) => {
    const columns = new Set(list === null ? single : [...single, list]);
    return pathsBy(model, bound.entity, columns)
      .filter((path) => exact(bound.entity, path) && nullable(path, known))
      .filter((path) => list === null || path.columns.includes(list))
      .map((path) => ({ path, list }));
  });
  const rank = ({ path }: { path: Path }): number =>
    (path.single ? 1000 : 0) + path.columns.length * 10 - options.prefer(path.index);
  const best = ways.sort((a, b) => rank(b) - rank(a))[0];
  if (best === undefined) return undefined;
  const { path, list } = best;
  const used = new Set(path.columns);
  const equal = new Map(
    [...known.equal].filter(([column]) => used.has(column)).map(([column, { value }]) => [column, value]),
  );
  const nulls = [...known.nulls.keys()].filter((column) => used.has(column) && !equal.has(column));
  const settled = new Set<Expression>([
    ...[...known.equal].filter(([column]) => equal.has(column)).map(([, { by }]) => by),
    ...nulls.flatMap((column) => known.nulls.get(column) ?? []),
  ]);
  const chosen = list === null ? undefined : known.lists.get(list);
  if (chosen !== undefined) settled.add(chosen.by);
  const each = list === null || chosen === undefined ? null : { column: list, operands: chosen.operands };
  return { bound, path, equal, nulls, each, range: rangeOf(bound, path, conditions, scope, ready), settled };
}

/** Keys of text compare bytes: only folded ones find what the column's collation finds. */
function exact(entity: EntityModel, path: Path): boolean {
  const parts = [path.pk, path.sk].flatMap((template) => (template === null ? [] : readKeyTemplate(template).parts));
  return path.columns.every((name) => {
    const column = entity.columns[name];
    if (column === undefined) return false;
    const type = { data_type: column.dataType, collation: column.collation ?? null };
    if (column.dataType === 'enum' || !needsFold(type)) return true;
    return parts.every((part) => part.kind !== 'column' || part.column !== name || part.fold);
  });
}

/** Native keys hold no NULL: `IS NULL` needs a composed one. */
function nullable(path: Path, known: Known): boolean {
  const natives = [path.pk, path.sk].flatMap((template) =>
    template === null ? [] : [readKeyTemplate(template).native],
  );
  return natives.every((column) => column === null || !known.nulls.has(column) || known.equal.has(column));
}

const RANGE_TYPES = /^(tinyint|smallint|mediumint|int|bigint|decimal|date|datetime|timestamp|year)$/;

function rangeOf(
  bound: Bound,
  path: Path,
  conditions: readonly Expression[],
  scope: Scope,
  ready: ReadonlySet<string>,
): Access['range'] {
  const column = path.sk === null ? undefined : readKeyTemplate(path.sk).columns[path.sortColumns];
  if (column === undefined || !RANGE_TYPES.test(bound.entity.columns[column]?.dataType ?? '')) return null;
  let [from, to]: (Expression | null)[] = [null, null];
  const isColumn = (each: Expression | undefined): boolean =>
    each?.kind === 'column' && each.column === column && scope.find(each.table, each.column)?.bound === bound;
  const given = (each: Expression | undefined): each is Expression =>
    each !== undefined && each.kind !== 'subquery' && [...scope.named(each)].every((alias) => ready.has(alias));
  for (const condition of conditions) {
    if (condition.kind !== 'operation') continue;
    const [left, right, third] = condition.operands;
    if (condition.operator === 'BETWEEN' && isColumn(left) && given(right) && given(third)) [from, to] = [right, third];
    else if (/^>=?$/.test(condition.operator) && isColumn(left) && given(right)) from ??= right;
    else if (/^<=?$/.test(condition.operator) && isColumn(left) && given(right)) to ??= right;
    else if (/^>=?$/.test(condition.operator) && isColumn(right) && given(left)) to ??= left ?? null;
    else if (/^<=?$/.test(condition.operator) && isColumn(right) && given(left)) from ??= left ?? null;
  }
  return from === null && to === null ? null : { column, from: from ?? null, to: to ?? null };
}

/** Whether the key's own order is the order that is asked for, and in which direction; null when it isn't. */
export function keyOrder(access: Access, items: readonly OrderItem[], scope: Scope): 'forwards' | 'backwards' | null {
  if (access.each !== null || access.path.sk === null) return null;
  const asked = items.flatMap(({ expression, descending }) => {
    if (expression.kind !== 'column') return [{ column: null, descending }];
    const found = scope.find(expression.table, expression.column);
    const own = found?.bound === access.bound ? expression.column : null;
    return own !== null && access.equal.has(own) ? [] : [{ column: own, descending }];
  });
  const columns = readKeyTemplate(access.path.sk).columns.slice(access.path.sortColumns);
  const fits = asked.every(({ column, descending }, position) => {
    const model = column === null ? undefined : access.bound.entity.columns[column];
    if (model === undefined || model.nullable || !RANGE_TYPES.test(model.dataType)) return false;
    return columns[position] === column && descending === asked[0]?.descending;
  });
  if (!fits) return null;
  return asked[0]?.descending === true ? 'backwards' : 'forwards';
}

/** The parameter of a list that one placeholder gives; null when the list is written out. */
export function listParameter(operands: readonly Expression[], marked: MarkedSql): string | null {
  const only = operands.length === 1 ? operands[0] : undefined;
  if (only?.kind !== 'parameter') return null;
  const parameter = marked.parameters[only.index];
  return parameter?.kind === 'list' ? parameter.expression : null;
}
