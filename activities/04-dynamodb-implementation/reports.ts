import type { Coverage, CoveredMethod } from './coverage.ts';
import type { Proof } from './proof.ts';
import { generatedTestsMarkdown, type GeneratedTestsRecord } from './tests/record.ts';

/** Coverage for people: a table, and a section for each refusal. */
export function coverageMarkdown(coverage: Coverage): string {
  const refused = coverage.methods.filter(({ status }) => status === 'refused');
  return [
    '# Coverage of the DynamoDB implementation',
    '',
    `${counted(coverage)}.`,
    '',
    '| method | pattern | plan | RCU | WCU |',
    '|---|---|---|--:|--:|',
    ...coverage.methods.map((method) =>
      row([
        `${method.aggregate}.${method.name}`,
        method.accessPattern,
        method.status === 'refused' ? '**refused**' : method.plan,
        method.readUnits,
        method.writeUnits,
      ]),
    ),
    ...refused.flatMap(refusalLines),
    ...(refused.length === 0 ? [] : WAYS_ON),
    '',
  ].join('\n');
}

/** `72 methods found, 70 compiled, 1 by hand (1 of them by the executor), 1 refused` */
function counted({ found, compiled, byHand, refused, methods }: Coverage): string {
  const executors = methods.filter(({ writtenBy }) => writtenBy === 'executor').length;
  const hand = `${byHand} by hand${executors === 0 ? '' : ` (${executors} of them by the executor)`}`;
  return `${found} methods found, ${compiled} compiled, ${hand}, ${refused} refused`;
}

function refusalLines(method: CoveredMethod): string[] {
  return [
    '',
    `## ${method.aggregate}.${method.name} is refused`,
    '',
    '```sql',
    method.sql,
    '```',
    '',
    ...method.callSites.map((place) => `- ${place}`),
    '',
    `Why: ${method.reason}`,
    '',
    `What would help: ${method.help}`,
    ...(method.executor === undefined ? [] : ['', `The executor's attempt: ${method.executor}`]),
  ];
}

const WAYS_ON = [
  '',
  '## Three ways on',
  '',
  '1. **Change the contract**: `cutover rollback NAME --to 02-dynamodb-data-modeling --why …`, then `cutover retry NAME --contract FILE` with the index or the scan budget that the method needs.',
  "2. **Write the method by hand**: on the migration's branch, the file `by-hand/<aggregate>/<method>` in the folder of the DynamoDB implementation (docs/generated-code.md). Reject the gate, or wait for the stage to park, and `cutover retry NAME`.",
  '3. **Let a command write it**: `application.executor` in the plan (docs/executor.md), then `cutover retry NAME --plan FILE`.',
  '',
  'Whatever is written passes the same verification as compiled methods. To go on without a method, approve its gate.',
];

/** What was built and how it was proved. */
export function implementationMarkdown(
  branch: string,
  commits: readonly string[],
  coverage: Coverage,
  proof: Proof,
  generated: GeneratedTestsRecord,
): string {
  return [
    '# Implementation of the data access layer on DynamoDB',
    '',
    `Branch \`${branch}\`, ${commits.length} commits:`,
    '',
    ...commits.map((commit) => `- ${commit}`),
    '',
    `Methods: ${counted(coverage)} (see \`coverage.md\`).`,
    '',
    '| proof | result |',
    '|---|---|',
    row(['recorded requests answered equally on DynamoDB', `${proof.replay.equal} of ${proof.replay.requests}`]),
    row([
      "the application's own tests on DynamoDB, MySQL unreachable",
      proof.tests.exitCode === 0 ? 'passed' : `exit code ${proof.tests.exitCode}`,
    ]),
    row(['rows compared after the same traffic on both stores', proof.rows]),
    row(['rows that differ in more than clock values', proof.differences.length]),
    '',
    ...generatedTestsMarkdown(generated),
  ].join('\n');
}

function row(cells: readonly (string | number)[]): string {
  return `| ${cells.map((cell) => String(cell).replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
}
