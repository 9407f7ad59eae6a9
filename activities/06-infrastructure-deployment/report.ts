import type { MigrationContract } from '../../contract/types.ts';
import type { DeployedTable } from './deployed.ts';
import type { DeployedWave } from './deploy.ts';

/** `deployment_report.md`: what was changed, and what stands there now. */
export function deploymentReport(options: {
  readonly stacks: readonly string[];
  readonly region: string;
  readonly endpoint: string | undefined;
  readonly waves: readonly DeployedWave[];
  readonly protectionsSet: readonly string[];
  readonly contract: MigrationContract;
  readonly deployed: ReadonlyMap<string, DeployedTable>;
}): string {
  const { waves, contract, deployed } = options;
  const changes = waves.flatMap(({ stack, wave, changes: list }) =>
    list.map(
      ({ action, resource, type, replacement }) =>
        `| ${stack} | ${wave} | ${action} | ${resource} | ${type} | ${replacement} |`,
    ),
  );
  const tables = contract.tables.map(({ table }) => {
    const found = deployed.get(table);
    const indexes =
      found?.gsis
        .map(({ index_name }) => index_name)
        .sort()
        .join(', ') ?? '';
    const onOff = (on: boolean | undefined) => (on ? 'on' : 'OFF');
    const protections = `${onOff(found?.pointInTimeRecovery)} | ${onOff(found?.deletionProtection)} | ${found?.encryption ?? ''}`;
    return `| ${found?.name ?? table} | ${found?.status ?? 'MISSING'} | ${indexes || 'none'} | ${protections} | ${found?.warmWrites ?? 'not told'} |`;
  });
  return [
    '# Deployment report',
    '',
    `Stack ${options.stacks.join(', ')} in ${options.region}${options.endpoint === undefined ? '' : ', on an emulator'}.`,
    '',
    '## Changes',
    '',
    ...(changes.length === 0
      ? ['Nothing had to be changed.']
      : ['| Stack | Wave | Action | Resource | Type | Replacement |', '|---|---|---|---|---|---|', ...changes]),
    '',
    '## Tables, as DescribeTable tells',
    '',
    '| Table | Status | Indexes | Point-in-time recovery | Deletion protection | Encryption | Warm writes a second |',
    '|---|---|---|---|---|---|---|',
    ...tables,
    '',
    '## Protections set by API',
    '',
    ...(options.protectionsSet.length === 0
      ? ['None: the template’s own were in force.']
      : [
          'The template’s were not in force after the deployment:',
          '',
          ...options.protectionsSet.map((line) => `- ${line}`),
        ]),
    '',
  ].join('\n');
}
