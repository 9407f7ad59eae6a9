import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { StageContext } from '../../core/stage.ts';
import { dropTables } from './tables.ts';

/**
 * The full names of a rehearsal's tables, kept in the migration's work folder from before they are made until they are
 * gone: a worker that is killed in between leaves them to the next rehearsal, or to the rollback.
 */
export async function rememberTables(context: StageContext, tables: readonly string[]): Promise<void> {
  const file = await fileOf(context);
  if (tables.length === 0) await rm(file, { force: true });
  else await writeFile(file, JSON.stringify(tables));
}

/** Deletes the tables of a rehearsal that did not end; none is no error. Gives their names. */
export async function dropLeftovers(context: StageContext, client: DynamoDBClient): Promise<readonly string[]> {
  const tables = await remembered(context);
  await dropTables(client, tables);
  await rememberTables(context, []);
  return tables;
}

async function remembered(context: StageContext): Promise<readonly string[]> {
  try {
    return JSON.parse(await readFile(await fileOf(context), 'utf8')) as string[];
  } catch {
    // Not there, or torn by the kill: it is written before the first table is made.
    return [];
  }
}

async function fileOf(context: StageContext): Promise<string> {
  return join(await context.artifacts.workFolder('rehearsal'), 'tables.json');
}
