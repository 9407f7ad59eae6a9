import type { AccessPattern, Analysis, Provenance } from '../../core/analysis.ts';
import { CutoverError } from '../../core/errors/index.ts';
import type { MigrationPlan } from '../../core/plan.ts';

/** Requests a second of a pattern, and where the numbers come from. */
export interface Rate {
  readonly mean: number;
  readonly peak: number;
  readonly provenance: Provenance;
  /** In words: the log, the key of `statedRates`, or the name of the assumption. */
  readonly from: string;
}

/**
 * The rate of every pattern. What was measured wins; then what the operator stated for the pattern, then for its
 * routes (summed, since each route runs the pattern); then the plan's named assumption. Anything else stops.
 */
export function resolveRates(
  analysis: Analysis,
  plan: Pick<MigrationPlan, 'statedRates' | 'assumedRate'>,
): ReadonlyMap<string, Rate> {
  const rates = new Map<string, Rate>();
  const missing: string[] = [];
  for (const pattern of analysis.accessPatterns) {
    const rate = measured(pattern, analysis) ?? stated(pattern, analysis, plan) ?? assumed(plan);
    if (rate) rates.set(pattern.id, rate);
    else missing.push(`${pattern.id} (${pattern.title})`);
  }
  if (missing.length > 0) {
    throw new CutoverError('model.rate-missing', {
      where: missing.join(', '),
      detail: `${missing.length} pattern(s).`,
    });
  }
  return rates;
}

function measured(pattern: AccessPattern, analysis: Analysis): Rate | undefined {
  if (pattern.rates.provenance !== 'measured') return undefined;
  const { mean, peak } = pattern.rates;
  return { mean, peak: Math.max(mean, peak), provenance: 'measured', from: analysis.log?.source ?? 'query log' };
}

function stated(
  pattern: AccessPattern,
  analysis: Analysis,
  plan: Pick<MigrationPlan, 'statedRates'>,
): Rate | undefined {
  const own = plan.statedRates?.[pattern.id];
  if (own) return { ...own, provenance: 'stated', from: `statedRates ${pattern.id}` };
  const routes = analysis.application.routes.filter((route) => pattern.routes.includes(route.id));
  const names = routes.map((route) => `${route.method} ${route.path}`).filter((name) => plan.statedRates?.[name]);
  if (names.length === 0) return undefined;
  const sum = (field: 'mean' | 'peak') =>
    names.reduce((total, name) => total + (plan.statedRates?.[name]?.[field] ?? 0), 0);
  return { mean: sum('mean'), peak: sum('peak'), provenance: 'stated', from: `statedRates ${names.join(', ')}` };
}

function assumed(plan: Pick<MigrationPlan, 'assumedRate'>): Rate | undefined {
  if (!plan.assumedRate) return undefined;
  const { name, mean, peak } = plan.assumedRate;
  return { mean, peak, provenance: 'assumed', from: `assumption "${name}"` };
}
