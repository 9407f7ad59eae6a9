import type { MigrationPlan } from '../../core/plan.ts';
import { DEFAULT_PRICES, type PriceTable } from './pricing.ts';

/** The plan's own price table, or else the one that Cutover has. */
export function pricesOf(plan: { readonly target?: Pick<MigrationPlan['target'], 'prices'> }): PriceTable {
  return plan.target?.prices ?? DEFAULT_PRICES;
}

/** Which prices were taken, and where they are not those of the target's region, how to give them. */
export function priceNotice(prices: PriceTable, region: string | undefined): string {
  const taken = `Prices: ${prices.region}, as of ${prices.asOf}, in ${prices.currency} (${prices.source}).`;
  if (region === undefined || region === prices.region) return taken;
  return `${taken} **The target is in ${region}, whose prices are not these.** The order of the candidates mostly stays, the amounts do not: give the prices of ${region} in the plan as \`target.prices\`.`;
}
