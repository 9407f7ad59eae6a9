import type { SourceRow, SourceValue } from '../../runtime/store/codec.ts';
import { childrenOf, columnNameOf, isColumn, isNode, nodesOf } from '../../sql/nodes.ts';
import { parseStatement, type Node } from '../../sql/parse.ts';
import type { Names } from '../../sql/scope.ts';

/** What a placeholder of a statement stands for, as far as a value for it depends on it. */
export type Placeholder =
  | { readonly kind: 'column'; readonly table: string; readonly column: string; readonly operator: string }
  | { readonly kind: 'limit' }
  | { readonly kind: 'offset' }
  | { readonly kind: 'free' };

/** A statement's placeholders in order, and the columns that its text compares with a literal. */
export interface Bindings {
  readonly placeholders: readonly Placeholder[];
  readonly literals: readonly { readonly table: string; readonly column: string; readonly value: string | number }[];
}

const COMPARISONS = new Set(['=', '<>', '!=', '<', '<=', '>', '>=', 'IN', 'BETWEEN', 'LIKE']);

/** Finds what each `?` is compared with; null when the grammar does not accept the statement. */
export function bindingsOf(sql: string, count: number, names: Names): Bindings | null {
  const parsed = parseStatement(sql);
  if (!parsed) return null;
  const aliases = new Map<string, string | null>();
  for (const tree of parsed.trees) collectAliases(tree, names, aliases);
  const placeholders: Placeholder[] = Array.from({ length: count }, () => ({ kind: 'free' }));
  const literals: Bindings['literals'][number][] = [];
  const visit = (node: Node): void => {
    for (const limit of [node.limit, node._limit].filter(isNode)) bindLimit(limit, placeholders);
    if (node.type === 'binary_expr') compare(node);
    for (const child of childrenOf(node)) visit(child);
  };
  const compare = ({ operator, left, right }: Node): void => {
    const name = String(operator).toUpperCase();
    if (!COMPARISONS.has(name) || !isNode(left) || !isNode(right)) return;
    const [column, value] = isColumn(left) ? [left, right] : [right, left];
    const bound = isColumn(column) ? resolve(column, aliases, names) : null;
    if (!bound) return;
    const values = value.type === 'expr_list' ? nodesOf(value.value) : [value];
    for (const [at, one] of values.entries()) {
      const side = name === 'BETWEEN' ? (at === 0 ? '>=' : '<=') : isColumn(left) ? name : mirrored(name);
      const place = one.type === 'param' ? Number(String(one.value).replace(/^p/, '')) : -1;
      if (place >= 0 && place < count) placeholders[place] = { kind: 'column', ...bound, operator: side };
      else if (name === '=' && isLiteral(one)) literals.push({ ...bound, value: one.value });
    }
  };
  for (const tree of parsed.trees) visit(tree);
  return { placeholders, literals };
}

function bindLimit(limit: Node, placeholders: Placeholder[]): void {
  const kinds = limit.seperator === ',' ? (['offset', 'limit'] as const) : (['limit', 'offset'] as const);
  for (const [at, node] of nodesOf(limit.value).entries()) {
    const place = node.type === 'param' ? Number(String(node.value).replace(/^p/, '')) : -1;
    const kind = kinds[at];
    if (place >= 0 && kind) placeholders[place] = { kind };
  }
}

function isLiteral(node: Node): node is Node & { value: string | number } {
  return typeof node.value === 'number' || (typeof node.value === 'string' && /string/.test(String(node.type)));
}

function mirrored(operator: string): string {
  return operator.replace(/[<>]/g, (sign) =>
    operator.length === 2 && operator !== '<=' && operator !== '>=' ? sign : sign === '<' ? '>' : '<',
  );
}

/** Alias, or table name, to real table, at any depth; null where two tables have the same alias. */
function collectAliases(node: Node, names: Names, found: Map<string, string | null>): void {
  if (typeof node.table === 'string' && node.type !== 'column_ref') {
    const table = names.table(node.table)?.name;
    const alias = (typeof node.as === 'string' ? node.as : node.table).toLowerCase();
    if (table !== undefined) found.set(alias, found.has(alias) && found.get(alias) !== table ? null : table);
  }
  for (const child of childrenOf(node)) collectAliases(child, names, found);
}

function resolve(
  reference: Node,
  aliases: ReadonlyMap<string, string | null>,
  names: Names,
): { table: string; column: string } | null {
  const { table, column } = columnNameOf(reference);
  const folded = column.toLowerCase();
  const tables = table === undefined ? [...new Set(aliases.values())] : [aliases.get(table.toLowerCase()) ?? null];
  const owners = tables.flatMap((name) => {
    const real = name === null ? undefined : names.table(name)?.columns.get(folded);
    return name === null || real === undefined ? [] : [{ table: name, column: real }];
  });
  return owners.length === 1 ? (owners[0] ?? null) : null;
}

/** Rows of a result that a page may have; more than any sample holds. */
const ALL_ROWS = 100_000;

/** Values of an `IN` list: the anchor's and some others, found and not found. */
const LIST = 3;

/** A value for each placeholder, taken from rows that exist, so that the statement finds something. */
export function parameterValues(
  bindings: Bindings,
  lists: readonly boolean[],
  anchors: ReadonlyMap<string, SourceRow>,
  samples: ReadonlyMap<string, readonly SourceRow[]>,
): (SourceValue | SourceValue[])[] {
  return bindings.placeholders.map((placeholder, at) => {
    if (placeholder.kind === 'limit') return ALL_ROWS;
    if (placeholder.kind === 'offset') return 0;
    if (placeholder.kind === 'free') return lists[at] ? [1] : 1;
    const { table, column, operator } = placeholder;
    const known = (samples.get(table) ?? []).map((row) => row[column] ?? null).filter((value) => value !== null);
    const own = anchors.get(table)?.[column] ?? known[0] ?? null;
    const value = valueFor(operator, own, known);
    if (!lists[at]) return value;
    const others = known.filter((other) => String(other) !== String(own));
    return [value, ...others.slice(0, LIST - 1)];
  });
}

function valueFor(operator: string, own: SourceValue, known: readonly SourceValue[]): SourceValue {
  const sorted = [...known].sort((a, b) => {
    const difference = Number(a) - Number(b);
    if (!Number.isNaN(difference)) return difference;
    return String(a) < String(b) ? -1 : 1;
  });
  switch (operator) {
    case '<>':
    case '!=':
      return known.find((other) => String(other) !== String(own)) ?? own;
    case '>':
    case '>=':
      return sorted[0] ?? own;
    case '<':
    case '<=':
      return sorted.at(-1) ?? own;
    case 'LIKE':
      return `${[...String(own ?? '')]
        .slice(0, 2)
        .join('')
        .replace(/[\\%_]/g, '\\$&')}%`;
    default:
      return own;
  }
}
