import type { AccessPattern } from '../../../core/analysis.ts';
import { templateMatcher } from '../../../sql/template-matcher.ts';
import { listsAllVariants } from '../../../sql/template-variants.ts';

type Shaped = Pick<AccessPattern, 'template' | 'normalisedSql'>;

/** Whether a pattern can send a statement: one of its variants, or, when not all are listed, one its template fits. */
export function shapeMatcher(pattern: Shaped): (normalisedSql: string) => boolean {
  const listed = new Set(pattern.normalisedSql);
  if (listsAllVariants(pattern.template)) return (sql) => listed.has(sql);
  const fits = templateMatcher(pattern.template);
  return (sql) => listed.has(sql) || fits(sql);
}

/** The ids of all patterns that can send a statement. */
export function shapeOwners(patterns: readonly AccessPattern[]): (normalisedSql: string) => string[] {
  const matchers = patterns.map((pattern) => ({ id: pattern.id, produces: shapeMatcher(pattern) }));
  return (sql) => matchers.filter((one) => one.produces(sql)).map((one) => one.id);
}
