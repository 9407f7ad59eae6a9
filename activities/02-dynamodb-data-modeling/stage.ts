import type { CheckResult } from '../../core/artifacts.ts';
import type { GateQuestion, Stage, StageContext } from '../../core/stage.ts';
import { parseContract } from '../../contract/check.ts';
import type { MigrationContract } from '../../contract/types.ts';
import { inputChecks, planChecks, result } from './checks.ts';
import { gateQuestions, type Alternatives } from './gates.ts';
import { readAnalysis } from './inputs.ts';
import { planModel } from './plan-model.ts';
import { proofChecks } from './proof-checks.ts';
import { resolveRates } from './rates.ts';

const CONTRACT = 'stage-02/migrationContract.json';

/** Stage 2: from the analysis to the contract, with priced alternatives and a proof on a real endpoint. */
export const stage: Stage = {
  id: '02-dynamodb-data-modeling',

  async preflight(context) {
    const analysis = await readAnalysis(context);
    const rates = resolveRates(analysis, context.plan);
    return inputChecks(analysis, rates);
  },

  async execute(context) {
    context.progress({ step: '1. Read the analysis and settle the rates' });
    const analysis = await readAnalysis(context);
    context.progress({ step: '2. Generate, price and choose models' });
    const { files, choice } = planModel(analysis, context.plan);
    context.log.info('Model chosen', { model: choice.chosen.model.id, monthly: choice.chosen.cost.onDemand });
    const references = [];
    for (const [at, file] of files.entries()) {
      context.signal.throwIfAborted();
      context.progress({ step: '3. Write contract and documents', done: at, total: files.length, unit: 'files' });
      references.push(await context.artifacts.write(file.name, file.content, file.schemaVersion));
    }
    return references;
  },

  async verify(context) {
    const analysis = await readAnalysis(context);
    const contract = await readContract(context);
    const again = planModel(analysis, context.plan);
    const same = await Promise.all(
      again.files.map(async (file) => {
        const written = context.outputs.find(({ name }) => name === file.name);
        const bytes = written && Buffer.from(await context.artifacts.read(written)).toString('utf8');
        return { ok: bytes === file.content, name: file.name };
      }),
    );
    const checks: CheckResult[] = [
      ...planChecks(contract, analysis, again.choice),
      result('S2-R8', 'The same input gives the same bytes', same),
    ];
    return [...checks, ...(await proofChecks(context, contract))];
  },

  async gates(context): Promise<GateQuestion[]> {
    return gateQuestions(await readContract(context), await readAlternatives(context));
  },

  async compensate(context) {
    await context.artifacts.removeBelow('stage-02');
  },
};

async function readOutput(context: StageContext, name: string): Promise<string> {
  const reference = context.outputs.find((output) => output.name === name);
  if (!reference) return '';
  return Buffer.from(await context.artifacts.read(reference)).toString('utf8');
}

async function readContract(context: StageContext): Promise<MigrationContract> {
  return parseContract(await readOutput(context, CONTRACT), await readAnalysis(context));
}

async function readAlternatives(context: StageContext): Promise<Alternatives> {
  return JSON.parse(await readOutput(context, 'stage-02/alternatives.json')) as Alternatives;
}
