import type { CompiledMethod } from './compile/index.ts';
import type { Proof } from './proof.ts';
import { generatedTestsMarkdown, type GeneratedTestsRecord } from './tests/record.ts';

/** `stage-04/coverage.json`: each method of the interface, with its plan or the reason why there is none. */
export interface Coverage {
  readonly schemaVersion: 1;
  readonly found: number;
  readonly compiled: number;
  readonly refused: number;
  readonly methods: readonly CompiledMethod[];
}

export function coverageOf(methods: readonly CompiledMethod[]): Coverage {
  const compiled = methods.filter(({ status }) => status === 'compiled').length;
  return { schemaVersion: 1, found: methods.length, compiled, refused: methods.length - compiled, methods };
}

/** Coverage for people: a table, and a section for each refusal. */
export function coverageMarkdown(coverage: Coverage): string {
  const refused = coverage.methods.filter(({ status }) => status === 'refused');
  return [
    '# Coverage of the DynamoDB implementation',
    '',
    `${coverage.found} methods, ${coverage.compiled} compiled, ${coverage.refused} refused.`,
    '',
    '| method | pattern | plan | RCU | WCU |',
    '|---|---|---|--:|--:|',
    ...coverage.methods.map((method) =>
      row([
        `${method.aggregate}.${method.name}`,
        method.accessPattern,
        method.status === 'compiled' ? method.plan : '**refused**',
        method.readUnits,
        method.writeUnits,
      ]),
    ),
    ...refused.flatMap((method) => [
      '',
      `## ${method.aggregate}.${method.name} is refused`,
      '',
      '```sql',
      method.sql,
      '```',
      '',
      `Why: ${method.reason}`,
      '',
      `What would help: ${method.help}`,
    ]),
    '',
  ].join('\n');
}

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
    `Methods: ${coverage.found} found, ${coverage.compiled} compiled, ${coverage.refused} refused (see \`coverage.md\`).`,
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
