import type { MigrationContract } from '../../contract/types.ts';
import type { Analysis } from '../../core/analysis.ts';
import { canonicalJson } from '../../core/canonical-json.ts';
import type { MigrationPlan } from '../../core/plan.ts';
import { chooseModel, type Choice } from './choose.ts';
import { contractOf } from './contract-of.ts';
import { alternativesData, alternativesDocument } from './documents/alternatives.ts';
import { dataModelDocument } from './documents/data-model.ts';
import { requirementDocument } from './documents/requirement.ts';
import { planPatterns } from './lookups.ts';
import { priceNotice, pricesOf } from './regional-prices.ts';
import { resolveRates } from './rates.ts';
import { estimator } from './statistics.ts';
import { writeLoads } from './write-effects.ts';

/** A file that the stage gives, before it is written. */
export interface PlannedFile {
  readonly name: string;
  readonly content: string;
  readonly schemaVersion: number;
}

export interface PlannedModel {
  readonly choice: Choice;
  readonly contract: MigrationContract;
  readonly files: readonly PlannedFile[];
}

/** The whole of stage 2 as a pure function: the same analysis and rates give the same bytes. */
export function planModel(
  analysis: Analysis,
  plan: Pick<MigrationPlan, 'statedRates' | 'assumedRate'> & { readonly target?: MigrationPlan['target'] },
): PlannedModel {
  const prices = pricesOf(plan);
  const notice = priceNotice(prices, plan.target?.region);
  const rates = resolveRates(analysis, plan);
  const estimate = estimator(analysis.tables);
  const plans = planPatterns(analysis, rates, estimate);
  const writes = writeLoads(plans, analysis, estimate);
  const choice = chooseModel({ analysis, plans, writes, estimate, prices });
  const contract = contractOf(choice.chosen, analysis);
  const model = dataModelDocument(choice, contract, notice);
  const prose = (name: string, content: string) => ({ name: `stage-02/${name}`, content, schemaVersion: 0 });
  const data = (name: string, value: unknown) => ({
    name: `stage-02/${name}`,
    content: `${canonicalJson(value, 2)}\n`,
    schemaVersion: 1,
  });
  return {
    choice,
    contract,
    files: [
      prose('dynamodb_requirement.md', requirementDocument(analysis, choice.chosen)),
      prose('dynamodb_data_model.md', model),
      prose('Stage3_DataModel.md', model),
      data('migrationContract.json', contract),
      data('alternatives.json', alternativesData(choice, prices)),
      prose('alternatives.md', alternativesDocument(choice, notice)),
    ],
  };
}
