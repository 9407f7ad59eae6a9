import type { DataAccessLayer } from '../../core/data-access.ts';
import { PHASES } from '../../runtime/flags/phases.ts';
import type { SourceTables } from '../../runtime/flags/source-tables.ts';

/** `stage-05/phases.json`: the phases, and what was put on the branch. */
export function phasesJson(branch: string, commit: string, commits: readonly string[]): string {
  return `${JSON.stringify({ schemaVersion: 1, branch, commit, commits, phases: PHASES }, null, 2)}\n`;
}

/** `stage-05/feature_flags_report.md`. */
export function reportMarkdown(layer: DataAccessLayer, commits: readonly string[], tables: SourceTables): string {
  const phases = Object.entries(PHASES).map(
    ([phase, rules]) =>
      `| ${phase} ${rules.name} | ${rules.primary}${rules.dualWrite ? ', then dynamodb' : ''} | ${rules.reads}${rules.compareReads ? ', compared' : ''} |`,
  );
  const rows = Object.entries(tables).map(
    ([name, table]) =>
      `| ${name} | ${table.migrated ? table.key.map(({ column }) => column).join(', ') : 'not carried over'} | ` +
      `${table.referencedBy.map((one) => `${one.table} (${one.onDelete})`).join(', ')} |`,
  );
  return `# Feature flags

On branch \`${layer.branch}\`, in \`${layer.folder}/flags\`; chosen by \`DAL_STORE=flags\`.

${commits.map((commit, position) => `${position + 1}. ${commit}`).join('\n')}

## Phases

| phase | writes | reads outside transactions |
|---|---|---|
${phases.join('\n')}

## Settings of the application

| variable | what |
|---|---|
| \`DAL_STORE\` | \`flags\` |
| \`DYNAMODB_TABLE_PREFIX\`, \`AWS_REGION\`, \`DYNAMODB_ENDPOINT\` | where the tables are; the endpoint for emulators only |
| \`FLAGS_CONTROL_PORT\`, \`FLAGS_CONTROL_HOST\` | where the control page listens; loopback unless said otherwise |
| \`FLAGS_CONTROL_TOKEN\` | who has it may change phases; 16 characters or more |
| \`FLAGS_COOKIE_SECRET\` | signs the cookie that puts one browser on DynamoDB; 16 characters or more |

The database user of the application needs \`CREATE\`, \`DROP\`, \`TRIGGER\` on its database for phases 1 to 2 and back, and, where
MySQL writes a binary log, \`log_bin_trust_function_creators\`. \`TRUNCATE\` and statements under \`foreign_key_checks = 0\` escape triggers.

## What the outbox carries

| table | key | rows that its foreign keys change |
|---|---|---|
${rows.join('\n')}
`;
}
