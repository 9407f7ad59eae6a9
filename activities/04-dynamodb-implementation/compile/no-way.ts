import type { PatternService } from '../../../contract/types.ts';
import { Refusal } from './refusal.ts';
import type { Bound, Scope } from './scope.ts';
import type { Expression } from './statement.ts';

/** How a column is compared with values that are known when the statement starts. */
interface Compared {
  readonly equal: ReadonlySet<string>;
  readonly ranges: ReadonlySet<string>;
  /** Columns whose middle is searched for (`LIKE '%x%'`): no key of theirs helps. */
  readonly searched: ReadonlySet<string>;
}

/** Says of rows that only a scan finds, where no scan is allowed, which index would find them, or what else helps. */
export function noWay(
  bound: Bound,
  conditions: readonly Expression[],
  scope: Scope,
  pattern: PatternService | undefined,
): Refusal {
  const { table, sourceTable } = bound.entity;
  const id = pattern?.id ?? 'this pattern';
  const { equal, ranges, searched } = comparedColumns(bound, conditions, scope);
  const scan = `allow ${id} a scan of ${table} with a budget (served_by, operation scan, budget_items)`;
  const by = [...equal].join(', ');
  const order = [...ranges].filter((column) => !equal.has(column))[0];
  const reason = `No key or index of ${table} finds the rows of ${sourceTable} that ${id} asks for.`;
  if (equal.size > 0) {
    const sort = order === undefined ? '' : `, sorted by ${order}`;
    return new Refusal(reason, `In the contract, give ${table} an index by ${by}${sort} and name it in the served_by of ${id}; or ${scan}.`); // prettier-ignore
  }
  const why =
    searched.size > 0
      ? `${[...searched].join(', ')} is searched for a text in its middle, and no key of DynamoDB is read from its middle`
      : 'the statement compares no column of the table with a given value';
  return new Refusal(reason, `No index helps: ${why}. In the contract, ${scan}; or write the method by hand, on an index outside of DynamoDB.`); // prettier-ignore
}

function comparedColumns(bound: Bound, conditions: readonly Expression[], scope: Scope): Compared {
  const [equal, ranges, searched] = [new Set<string>(), new Set<string>(), new Set<string>()];
  const own = (expression: Expression | undefined): string | undefined =>
    expression?.kind === 'column' && scope.find(expression.table, expression.column)?.bound === bound
      ? expression.column
      : undefined;
  for (const condition of conditions) {
    if (condition.kind !== 'operation') continue;
    const [left, right] = condition.operands;
    const column = own(left) ?? own(right);
    if (column === undefined) continue;
    if (['=', 'IN', 'IS NULL'].includes(condition.operator)) equal.add(column);
    else if (/^([<>]=?|BETWEEN)$/.test(condition.operator)) ranges.add(column);
    else if (condition.operator === 'LIKE') searched.add(column);
  }
  return { equal, ranges, searched };
}
