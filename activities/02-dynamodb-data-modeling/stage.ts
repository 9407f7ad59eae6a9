import type { Analysis } from '../../core/analysis.ts';
import type { CheckResult } from '../../core/artifacts.ts';
import type { GateQuestion, Stage, StageContext } from '../../core/stage.ts';
import { parseContract } from '../../contract/check.ts';
import type { MigrationContract } from '../../contract/types.ts';
import { inputChecks, planChecks, result } from './checks.ts';
import { gateQuestions, type Alternatives } from './gates.ts';
import { readGivenContract, settle, type Settled } from './given-contract.ts';
import { readAnalysis } from './inputs.ts';
import { planModel } from './plan-model.ts';
import { proofChecks, removeProof } from './proof-checks.ts';
import { resolveRates } from './rates.ts';

const CONTRACT = 'stage-02/migrationContract.json';

/** Stage 2: from the analysis to the contract, with priced alternatives and a proof on a real endpoint. */
export const stage: Stage = {
  id: '02-dynamodb-data-modeling',

  async preflight(context) {
    const analysis = await readAnalysis(context);
    const rates = resolveRates(analysis, context.plan);
    await readGivenContract(context.plan, analysis);
    return inputChecks(analysis, rates);
  },

  async execute(context) {
    context.progress({ step: '1. Read the analysis and settle the rates' });
    const analysis = await readAnalysis(context);
    context.progress({ step: '2. Generate, price and choose models' });
    const { files, choice, given } = await settled(context, analysis);
    context.log.info('Model chosen', { model: choice.chosen.model.id, monthly: choice.chosen.cost.onDemand });
    if (given) context.log.info('Contract given in its place', { sha256: given.sha256, differences: given.differences.length }); // prettier-ignore
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
    const again = await settled(context, analysis);
    const same = await Promise.all(
      again.files.map(async (file) => {
        const written = context.outputs.find(({ name }) => name === file.name);
        const bytes = written && Buffer.from(await context.artifacts.read(written)).toString('utf8');
        return { ok: bytes === file.content, name: file.name };
      }),
    );
    const checks: CheckResult[] = [
      ...planChecks(contract, analysis, again.given ? 'given' : again.choice),
      result('S2-R8', 'The same input gives the same bytes', same),
    ];
    return [...checks, ...(await proofChecks(context, contract, analysis, again.base.patterns))];
  },

  async gates(context): Promise<GateQuestion[]> {
    const analysis = await readAnalysis(context);
    const { given } = context.plan.contract === undefined ? {} : await settled(context, analysis);
    const basis = { analysis, ...(given === undefined ? {} : { given }) };
    return gateQuestions(await readContract(context), await readAlternatives(context), basis);
  },

  async compensate(context) {
    await removeProof(context);
    await context.artifacts.removeBelow('stage-02');
  },
};

/** The own design, or the contract that the plan names, read and checked from the start each time. */
async function settled(context: StageContext, analysis: Analysis): Promise<Settled> {
  const own = planModel(analysis, context.plan);
  return settle(own, await readGivenContract(context.plan, analysis), analysis, context.remarks);
}

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
