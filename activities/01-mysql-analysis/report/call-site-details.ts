import type { CallSite } from '../../../core/data-access.ts';
import type { SqlPart } from '../../../core/sql-template.ts';
import { code, plain, table } from './markdown.ts';

/** What each call site is given, and the column that the SQL binds it to. */
export function inputsOf(callSites: readonly CallSite[]): string {
  return table(
    ['call site', 'input', 'given by', 'type', 'column'],
    callSites.flatMap((site) =>
      site.inputs.map((one) => [
        site.id,
        code(one.name),
        code(one.source),
        code(one.type),
        one.column === undefined ? '–' : code(one.column),
      ]),
    ),
  );
}

/** The stretches of SQL that are not always sent, each with what must hold for it. */
export function variantsOf(callSites: readonly CallSite[]): string {
  return table(
    ['call site', 'when', 'sends'],
    callSites.flatMap((site) =>
      conditional(site.template.parts, []).map(({ conditions, sql }) => [
        site.id,
        conditions.length === 0 ? plain('otherwise') : conditions.map(code).join(' and '),
        sql.trim() === '' ? '–' : code(sql),
      ]),
    ),
  );
}

interface Variant {
  readonly conditions: readonly string[];
  readonly sql: string;
}

/** Conditions of inner stretches stand behind those of the stretches around them. */
function conditional(parts: readonly SqlPart[], around: readonly string[]): Variant[] {
  const found = (condition: string, inner: readonly SqlPart[]): Variant[] => {
    const conditions = condition === 'true' ? around : [...around, condition];
    return [{ conditions, sql: inner.map(textOf).join('') }, ...conditional(inner, conditions)];
  };
  return parts.flatMap((part): Variant[] => {
    if (part.kind === 'optional') return found(part.condition, part.parts);
    if (part.kind === 'joined') return conditional(part.items, around);
    if (part.kind !== 'choice') return [];
    const [only] = part.alternatives;
    if (part.alternatives.length === 1 && only !== undefined) return conditional(only.parts, around);
    return part.alternatives.flatMap((each) => found(each.condition, each.parts));
  });
}

/** SQL with `?` for values and `…` for what depends on conditions of its own. */
function textOf(part: SqlPart): string {
  if (part.kind === 'text') return part.text;
  return part.kind === 'parameter' || part.kind === 'list' || part.kind === 'rows' ? '?' : '…';
}
