import type { Connection, RowDataPacket } from 'mysql2/promise';

/** Quotes an identifier. */
export function quote(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``;
}

/** What must be made again, in this order, so that a database is as it was: definitions as MySQL prints them. */
export interface DatabaseDefinition {
  readonly tables: readonly { readonly name: string; readonly create: string; readonly columns: readonly string[] }[];
  readonly views: readonly { readonly name: string; readonly create: string }[];
  readonly triggers: readonly { readonly name: string; readonly create: string }[];
  readonly routines: readonly {
    readonly kind: 'PROCEDURE' | 'FUNCTION';
    readonly name: string;
    readonly create: string;
  }[];
}

async function column(connection: Connection, sql: string, values: readonly string[]): Promise<string[]> {
  const [rows] = await connection.query<RowDataPacket[]>(sql, [...values]);
  return rows.map((row) => Object.values(row)[0] as string);
}

async function definition(connection: Connection, sql: string, field: string): Promise<string> {
  const [rows] = await connection.query<RowDataPacket[]>(sql);
  return String((rows[0] as Record<string, unknown> | undefined)?.[field]);
}

/** Reads everything that a database consists of, but the rows. */
export async function readDefinition(connection: Connection, database: string): Promise<DatabaseDefinition> {
  const db = quote(database);
  const named = (type: string): Promise<string[]> =>
    column(
      connection,
      'SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = ? AND TABLE_TYPE = ? ORDER BY TABLE_NAME',
      [database, type],
    );
  const tables: { name: string; create: string; columns: string[] }[] = [];
  for (const name of await named('BASE TABLE')) {
    tables.push({
      name,
      create: await definition(connection, `SHOW CREATE TABLE ${db}.${quote(name)}`, 'Create Table'),
      // Generated columns can't be written to.
      columns: await column(
        connection,
        `SELECT COLUMN_NAME FROM information_schema.COLUMNS
          WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ? AND GENERATION_EXPRESSION = '' ORDER BY ORDINAL_POSITION`,
        [database, name],
      ),
    });
  }
  const views: { name: string; create: string }[] = [];
  for (const name of await named('VIEW')) {
    views.push({ name, create: await definition(connection, `SHOW CREATE VIEW ${db}.${quote(name)}`, 'Create View') });
  }
  const triggers: { name: string; create: string }[] = [];
  const triggerNames = await column(
    connection,
    'SELECT TRIGGER_NAME FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = ? ORDER BY EVENT_OBJECT_TABLE, ACTION_ORDER, TRIGGER_NAME',
    [database],
  );
  for (const name of triggerNames) {
    const sql = `SHOW CREATE TRIGGER ${db}.${quote(name)}`;
    triggers.push({ name, create: await definition(connection, sql, 'SQL Original Statement') });
  }
  const routines: { kind: 'PROCEDURE' | 'FUNCTION'; name: string; create: string }[] = [];
  for (const kind of ['PROCEDURE', 'FUNCTION'] as const) {
    const names = await column(
      connection,
      'SELECT ROUTINE_NAME FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = ? AND ROUTINE_TYPE = ? ORDER BY ROUTINE_NAME',
      [database, kind],
    );
    const field = kind === 'PROCEDURE' ? 'Create Procedure' : 'Create Function';
    for (const name of names) {
      const create = await definition(connection, `SHOW CREATE ${kind} ${db}.${quote(name)}`, field);
      routines.push({ kind, name, create });
    }
  }
  return { tables, views, triggers, routines };
}

/** Empties a database without dropping it: connections that have it as their default stay good. */
export async function dropAll(connection: Connection, database: string): Promise<void> {
  const found = await readDefinition(connection, database);
  const db = quote(database);
  for (const { name } of found.views) await connection.query(`DROP VIEW IF EXISTS ${db}.${quote(name)}`);
  for (const { name } of found.tables) await connection.query(`DROP TABLE IF EXISTS ${db}.${quote(name)}`);
  for (const { kind, name } of found.routines) await connection.query(`DROP ${kind} IF EXISTS ${db}.${quote(name)}`);
}

/** Makes everything of a definition in an empty database, rows copied from `from`; triggers last, so none fires. */
export async function createAll(
  connection: Connection,
  definitionOf: DatabaseDefinition,
  from: string,
  to: string,
): Promise<void> {
  await connection.query(`USE ${quote(to)}`);
  for (const table of definitionOf.tables) {
    await connection.query(table.create);
    const list = table.columns.map(quote).join(', ');
    const name = quote(table.name);
    await connection.query(`INSERT INTO ${name} (${list}) SELECT ${list} FROM ${quote(from)}.${name}`);
  }
  for (const routine of definitionOf.routines) await connection.query(routine.create);
  for (const view of definitionOf.views) await connection.query(view.create);
  for (const trigger of definitionOf.triggers) await connection.query(trigger.create);
}
