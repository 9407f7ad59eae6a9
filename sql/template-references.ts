import type { Predicate } from '../core/analysis.ts';
import type { SqlTemplate } from '../core/sql-template.ts';
import { normalise } from './normalise.ts';
import { references, type StatementReferences } from './references.ts';
import { Names, type SchemaNames } from './scope.ts';
import { expandTemplate } from './template-variants.ts';

/** What a template names in all its variants together. */
export interface TemplateReferences extends StatementReferences {
  /** Normalised text of each variant, all options on first, each once. */
  readonly normalisedSql: readonly string[];
  /** Variants that the grammar does not accept, as normalised text. */
  readonly unparsedVariants: readonly string[];
}

/** Union over the variants; a predicate that one variant lacks is not `always`. */
export function templateReferences(template: SqlTemplate, schema: SchemaNames | Names): TemplateReferences {
  const names = schema instanceof Names ? schema : new Names(schema);
  const variants = expandTemplate(template).map((variant) => ({
    normalised: normalise(variant.sql).normalisedSql,
    found: references(variant.sql, names, { parameterSources: variant.parameters.map((one) => one.expression) }),
  }));
  const all = variants.map((variant) => variant.found);
  const first = all[0] ?? references('', names);
  return {
    statement: first.statement,
    parsed: all.every((one) => one.parsed),
    tables: distinct(all.flatMap((one) => one.tables)),
    unknownTables: distinct(all.flatMap((one) => one.unknownTables)),
    unknownColumns: distinct(all.flatMap((one) => one.unknownColumns)),
    columns: distinct(all.flatMap((one) => one.columns)),
    predicates: mergePredicates(all.map((one) => one.predicates)),
    orderBy: first.orderBy,
    groupBy: distinct(all.flatMap((one) => one.groupBy)),
    writes: distinct(all.flatMap((one) => one.writes)),
    limited: all.some((one) => one.limited),
    aggregates: all.some((one) => one.aggregates),
    locks: all.some((one) => one.locks),
    normalisedSql: distinct(variants.map((variant) => variant.normalised)),
    unparsedVariants: distinct(variants.filter((one) => !one.found.parsed).map((one) => one.normalised)),
  };
}

function mergePredicates(variants: readonly (readonly Predicate[])[]): Predicate[] {
  const key = (predicate: Predicate): string => JSON.stringify({ ...predicate, always: undefined });
  return distinctBy(variants.flat(), key).map((predicate) => ({
    ...predicate,
    always: variants.every((one) => one.some((other) => other.always && key(other) === key(predicate))),
  }));
}

function distinct<T>(values: readonly T[]): T[] {
  return distinctBy(values, (value) => JSON.stringify(value));
}

function distinctBy<T>(values: readonly T[], key: (value: T) => string): T[] {
  const found = new Map<string, T>();
  for (const value of values) if (!found.has(key(value))) found.set(key(value), value);
  return [...found.values()];
}
