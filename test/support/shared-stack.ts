import { randomBytes } from 'node:crypto';
import mysql from 'mysql2/promise';
import type { Endpoints, Stack } from '../../stack/index.ts';

const VARIABLE = 'CUTOVER_TEST_ENDPOINTS';
const holder = globalThis as { cutoverTestStack?: Stack };

/** Called by the global setup, in jest's main process: the endpoints reach the workers by their environment. */
export function rememberStack(stack: Stack): void {
  holder.cutoverTestStack = stack;
  process.env[VARIABLE] = JSON.stringify(stack.endpoints);
  process.env['AWS_ACCESS_KEY_ID'] ??= 'test';
  process.env['AWS_SECRET_ACCESS_KEY'] ??= 'test';
  process.env['AWS_REGION'] ??= stack.endpoints.aws.region;
}

/** The stack that the global setup started, for the teardown. */
export function rememberedStack(): Stack | undefined {
  return holder.cutoverTestStack;
}

/** Endpoints of the run's embedded stack. */
export function testEndpoints(): Endpoints {
  const text = process.env[VARIABLE];
  if (text === undefined) throw new Error('This test needs the embedded stack: run it through npm test.');
  return JSON.parse(text) as Endpoints;
}

/** A name that no other test uses, fit for databases, tables and workflow ids. */
export function uniqueName(prefix: string): string {
  return `${prefix}_${randomBytes(4).toString('hex')}`;
}

/** Creates a database of the test's own, filled by `statements`; drop it with the function that comes back. */
export async function testDatabase(
  prefix: string,
  statements: readonly string[] = [],
): Promise<{ name: string; connection: mysql.Connection; drop: () => Promise<void> }> {
  const { host, port, user, password } = testEndpoints().mysql;
  const name = uniqueName(prefix);
  const connection = await mysql.createConnection({ host, port, user, password, multipleStatements: true });
  await connection.query(`CREATE DATABASE \`${name}\` CHARACTER SET utf8mb4`);
  await connection.changeUser({ database: name });
  for (const statement of statements) await connection.query(statement);
  return {
    name,
    connection,
    drop: async () => {
      await connection.query(`DROP DATABASE IF EXISTS \`${name}\``);
      await connection.end();
    },
  };
}
