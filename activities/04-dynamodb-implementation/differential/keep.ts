import type { Connection } from 'mysql2/promise';
import type { TableFacts } from '../../../core/analysis.ts';
import type { DataAccessMethod } from '../../../core/data-access.ts';
import { templateReferences } from '../../../sql/template-references.ts';
import { identifier } from '../../mysql.ts';
import { said } from './compare.ts';
import { stepsOf, type Success } from './drive.ts';
import type { CounterExample } from './record.ts';
import type { Answer, ServedLayer } from './served.ts';

/**
 * Writes that were undone before are now committed on both stores. DynamoDB goes first, and MySQL is given its ids:
 * which numbers are left out is no part of a statement's meaning.
 */
export async function commitWrite(
  { method, input }: Success,
  layers: { readonly mysql: ServedLayer; readonly dynamodb: ServedLayer },
  connection: Connection,
  tables: readonly TableFacts[],
): Promise<CounterExample | undefined> {
  const steps = stepsOf(method, input, true, 'commit');
  const dynamodb = committed(await layers.dynamodb.run(steps));
  const table = allocates(method, tables);
  const first = Number(dynamodb.insertId ?? 0);
  if (table !== undefined && first > 0) {
    await connection.query(`ALTER TABLE ${identifier(table)} AUTO_INCREMENT = ${first}`);
  }
  const mysql = committed(await layers.mysql.run(steps));
  if (said(mysql) === said(dynamodb)) return undefined;
  const name = `${method.aggregate}.${method.name}`;
  return { method: name, input, sql: 'committed, after the writes before it', mysql, dynamodb };
}

/** What the call gave, unless beginning or committing failed. */
function committed(answers: readonly Answer[]): Answer {
  return answers.find(({ code }) => code !== undefined) ?? answers[1] ?? {};
}

function allocates({ template }: DataAccessMethod, tables: readonly TableFacts[]): string | undefined {
  const [written] = templateReferences(template, tables).writes;
  const table = tables.find(({ name }) => name === written?.table);
  return table?.columns.some(({ autoIncrement }) => autoIncrement) === true ? table.name : undefined;
}
