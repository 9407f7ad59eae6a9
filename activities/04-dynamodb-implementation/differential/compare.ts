import mysql, { type SqlValue } from 'mysql2';
import type { DataAccessMethod } from '../../../core/data-access.ts';
import { comparable } from '../tests/comparable.ts';
import type { Tagged } from '../tests/values.ts';
import { isAllowed, RANK, type Ranked, rankedStatement } from './ranking.ts';
import type { Answer, ServedLayer, Step } from './served.ts';

/** How two answers to one call stand to each other. */
export type Verdict =
  | { readonly kind: 'equal'; readonly answer: Answer }
  /** MySQL itself answers otherwise when it is asked again: what the clock or chance gives. */
  | { readonly kind: 'unsteady' }
  /** Rows in another order, and the statement is not one that MySQL could be asked to rank. */
  | { readonly kind: 'unjudged' }
  | { readonly kind: 'different'; readonly sql: string; readonly mysql: Answer; readonly dynamodb: Answer };

interface Call {
  readonly method: DataAccessMethod;
  readonly input: Tagged;
  readonly steps: readonly Step[];
  /** Place of the call's answer among those of the steps. */
  readonly at: number;
}

/** Makes the same call of both stores and compares what they say. */
export async function compareCall(call: Call, mysqlLayer: ServedLayer, dynamoLayer: ServedLayer): Promise<Verdict> {
  const ask = async (layer: ServedLayer): Promise<Answer> => (await layer.run(call.steps))[call.at] ?? {};
  const [expected, given] = await Promise.all([ask(mysqlLayer), ask(dynamoLayer)]);
  if (said(expected) === said(given)) return { kind: 'equal', answer: expected };
  const again = await ask(mysqlLayer);
  if (said(again) !== said(expected)) return { kind: 'unsteady' };
  const sql = await statement(call, mysqlLayer);
  const different = { kind: 'different', sql, mysql: expected, dynamodb: given } as const;
  if (expected.rows === undefined || given.rows === undefined || expected.rows.length !== given.rows.length) {
    return different;
  }
  const ranked = rankedStatement(sql);
  if (ranked === undefined) return sameRows(expected, given) ? { kind: 'unjudged' } : different;
  const [all] = await mysqlLayer.run([{ step: 'query', sql: ranked.sql }]);
  if (all?.rows === undefined) return sameRows(expected, given) ? { kind: 'unjudged' } : different;
  return isAllowed(rowTexts(given), ranksOf(all), ranked.offset) ? { kind: 'equal', answer: expected } : different;
}

/** An answer in one spelling: rows whole and in order, counts, or the code of an error. */
export function said(answer: Answer): string {
  if (answer.code !== undefined) return answer.code;
  return answer.rows === undefined ? `${answer.affectedRows} affected` : rowTexts(answer).join('\n');
}

function rowTexts({ rows = [] }: Answer): string[] {
  return (comparable({ rows }).rows ?? []).map((row) => JSON.stringify(row));
}

function sameRows(one: Answer, other: Answer): boolean {
  return rowTexts(one).sort().join('\n') === rowTexts(other).sort().join('\n');
}

function ranksOf(all: Answer): Ranked[] {
  return (all.rows ?? []).map((tagged) => {
    const { [RANK]: rank, ...row } = tagged as Readonly<Record<string, Tagged>>;
    return { row: rowTexts({ rows: [row] })[0] ?? '', rank: Number(rank) };
  });
}

/** The statement that the call sends, its values in it. */
async function statement({ method, input }: Call, layer: ServedLayer): Promise<string> {
  const [answer] = await layer.run([{ step: 'statement', aggregate: method.aggregate, method: method.name, input }]);
  const values = untagged(answer?.values ?? []);
  return answer?.sql === undefined
    ? `not known: ${answer?.message ?? ''}`
    : mysql.format(answer.sql, values as SqlValue[]);
}

function untagged(value: Tagged): unknown {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map((each) => untagged(each as Tagged));
  const tagged = value as Readonly<Record<string, Tagged>>;
  const text = typeof tagged['text'] === 'string' ? tagged['text'] : '';
  switch (tagged['$']) {
    case 'undefined':
      return null;
    case 'bigint':
      return BigInt(text);
    case 'buffer':
      return Buffer.from(text, 'hex');
    case 'date':
      return new Date(text);
    default:
      return Object.fromEntries(Object.entries(tagged).map(([name, each]) => [name, untagged(each)]));
  }
}
