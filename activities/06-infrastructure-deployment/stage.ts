import { ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { canonicalJson } from '../../core/canonical-json.ts';
import type { GateQuestion, Stage, StageContext } from '../../core/stage.ts';
import { parseContract } from '../../contract/check.ts';
import type { MigrationContract } from '../../contract/types.ts';
import { awsClients, type AwsClients } from '../aws.ts';
import { TEMPLATE_BYTES } from './change-set.ts';
import { compensate } from './compensate.ts';
import { deploy, templateTarget } from './deploy.ts';
import { readOwn } from './ownership.ts';
import { patternChecks } from './pattern-checks.ts';
import { setProtections } from './protections.ts';
import { check, readBackChecks } from './read-back.ts';
import { deploymentReport } from './report.ts';
import { partTemplate, stackParts, templateText } from './stacks.ts';

/** Stage 6: the contract's tables, deployed by CloudFormation and read back. */
export const stage: Stage = {
  id: '06-infrastructure-deployment',

  async preflight(context) {
    const contract = await readContract(context);
    return withClients(context, async (clients) => {
      await clients.dynamodb.send(new ListTablesCommand({ Limit: 1 }));
      const own = await readOwn(context, clients, contract);
      const { prefix } = context.plan.target;
      const target = templateTarget(context);
      const sizes = stackParts(contract, target).map(({ name, contract: part }, at) => ({
        name,
        bytes: templateText(part, target, at + 1).length,
      }));
      return [
        check('S6-R1', 'The contract is valid, the endpoint answers, and no name belongs to another', [
          { ok: true, name: `${contract.tables.length} tables, ${own.size} of them deployed` },
          ...sizes.map(({ name, bytes }) => ({
            ok: bytes <= TEMPLATE_BYTES,
            name: `the template of ${name} has ${bytes} bytes; at most ${TEMPLATE_BYTES}`,
          })),
          ...longNames(contract, prefix),
        ]),
      ];
    });
  },

  async execute(context) {
    const contract = await readContract(context);
    const { prefix, region, endpoint } = context.plan.target;
    return withClients(context, async (clients) => {
      context.progress({ step: '1. Generate the template' });
      const target = templateTarget(context);
      const parts = stackParts(contract, target);
      const write = (name: string, content: string, version: number) =>
        context.artifacts.write(`stage-06/${name}`, content, version);
      const references = [];
      for (const [at, part] of parts.entries()) {
        const name = at === 0 ? 'template.json' : `template-${at + 1}.json`;
        references.push(await write(name, `${canonicalJson(partTemplate(part.contract, target, at + 1), 2)}\n`, 1));
      }
      const waves = await deploy(context, clients, contract);
      const stacks = parts.map(({ name }) => name);
      references.push(
        await write('change_set.json', `${canonicalJson({ schemaVersion: 1, stacks, region, waves }, 2)}\n`, 1),
      );
      context.progress({ step: '3. Set protections that are not in force' });
      const protectionsSet = await setProtections(clients.dynamodb, contract, prefix);
      context.progress({ step: '4. Read back and report' });
      const deployed = await readOwn(context, clients, contract);
      const report = deploymentReport({ stacks, region, endpoint, waves, protectionsSet, contract, deployed });
      references.push(await write('deployment_report.md', report, 0));
      return references;
    });
  },

  async verify(context) {
    const contract = await readContract(context);
    return withClients(context, async (clients) => {
      const { target } = context.plan;
      const { prefix } = target;
      const deployed = await readOwn(context, clients, contract);
      return [...readBackChecks(contract, deployed, target), await patternChecks(clients.dynamodb, contract, prefix)];
    });
  },

  async gates(context): Promise<GateQuestion[]> {
    const { region, endpoint } = context.plan.target;
    const where = endpoint === undefined ? `region ${region} of AWS` : `region ${region} of the emulator`;
    return [
      {
        id: '06-infrastructure-deployment/region',
        question: `The tables stand in ${where}: is this where the data shall go?`,
        evidence: ['stage-06/deployment_report.md', 'stage-06/change_set.json', 'stage-06/template.json'],
      },
    ];
  },

  compensate,
};

async function readContract(context: StageContext): Promise<MigrationContract> {
  return parseContract(Buffer.from(await context.input('stage-02/migrationContract.json')).toString('utf8'));
}

async function withClients<T>(context: StageContext, use: (clients: AwsClients) => Promise<T>): Promise<T> {
  const clients = awsClients(context.plan.target);
  try {
    return await use(clients);
  } finally {
    clients.dynamodb.destroy();
    clients.cloudformation.destroy();
    clients.cloudwatch.destroy();
  }
}

/** Names that are right in the contract may be too long with the prefix. */
function longNames(contract: MigrationContract, prefix: string): { ok: boolean; name: string }[] {
  return contract.tables
    .map(({ table }) => prefix + table)
    .filter((name) => !/^[A-Za-z0-9_.-]{3,255}$/.test(name))
    .map((name) => ({ ok: false, name: `${name} is no table name for DynamoDB` }));
}
