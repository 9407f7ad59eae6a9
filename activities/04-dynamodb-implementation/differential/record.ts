import type { Tagged } from '../tests/values.ts';
import type { Filled } from './content.ts';
import type { Answer } from './served.ts';

/** The smallest call found on which the stores differ. */
export interface CounterExample {
  readonly method: string;
  readonly input: Tagged;
  readonly sql: string;
  readonly mysql: Answer;
  readonly dynamodb: Answer;
}

/** What became of one method's cases. */
export interface MethodCases {
  readonly method: string;
  readonly cases: number;
  /** Of these, answers with rows, or writes that affected some. */
  readonly telling: number;
  /** MySQL answered otherwise when it was asked again. */
  readonly unsteady: number;
  /** Same rows in another order, of a statement that MySQL could not be asked to rank. */
  readonly unjudged: number;
}

/** What a differential test found. */
export interface Differential {
  readonly schemaVersion: 1;
  readonly seed: number;
  readonly milliseconds: number;
  readonly tables: readonly Filled[];
  readonly methods: readonly MethodCases[];
  /** Methods that got no case, and why. */
  readonly notDriven: readonly { readonly method: string; readonly why: string }[];
  readonly counterExamples: readonly CounterExample[];
  /** Rows of the two stores that differ although every write was undone, and after writes that were not. */
  readonly rows: readonly { readonly after: string; readonly difference: string }[];
}

/** How many differences were found. */
export function unequal({ counterExamples, rows }: Differential): number {
  return counterExamples.length + rows.length;
}

function short(answer: Answer): string {
  const { code, rows, affectedRows } = answer;
  if (code !== undefined) return `throws ${code}`;
  return rows === undefined ? `affects ${affectedRows}` : JSON.stringify(rows).slice(0, 300);
}

/** For the report. */
export function differentialMarkdown(record: Differential): string[] {
  const sum = (of: (method: MethodCases) => number): number =>
    record.methods.reduce((total, each) => total + of(each), 0);
  return [
    '## Differential test',
    '',
    `Seed ${record.seed}: ${sum(({ cases }) => cases)} generated calls of ${record.methods.length} methods on both stores, ${sum(
      ({ telling }) => telling,
    )} of them with rows; differences: ${unequal(record)}. MySQL contradicted itself in ${sum(
      ({ unsteady }) => unsteady,
    )} cases, and in ${sum(({ unjudged }) => unjudged)} the order of equal rows could not be judged. ${(record.milliseconds / 1000).toFixed(1)} s.`,
    '',
    ...record.counterExamples.flatMap((one) => [
      `### ${one.method} differs`,
      '',
      '```sql',
      one.sql,
      '```',
      '',
      `Input: \`${JSON.stringify(one.input)}\``,
      '',
      `MySQL: \`${short(one.mysql)}\``,
      '',
      `DynamoDB: \`${short(one.dynamodb)}\``,
      '',
    ]),
    ...record.rows.map(({ after, difference }) => `- After ${after} the rows differ: ${difference}`),
    ...(record.notDriven.length === 0 ? [] : ['Not driven:', '']),
    ...record.notDriven.map(({ method, why }) => `- ${method}: ${why}`),
    ...(record.notDriven.length === 0 ? [] : ['']),
  ];
}
