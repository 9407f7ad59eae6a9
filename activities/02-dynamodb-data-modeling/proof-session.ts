import type mysql from 'mysql2/promise';

/**
 * A session that only reads, for statements over a sample: time stands still, so that two runs see the same now;
 * rows of a table expression have no key that GROUP BY could rest on; backslashes escape, as the driver writes them.
 */
export async function prepareSession(connection: mysql.Connection): Promise<void> {
  await connection.query('SET SESSION TRANSACTION READ ONLY');
  await connection.query('SET SESSION timestamp = UNIX_TIMESTAMP()');
  const [[row]] = await connection.query<mysql.RowDataPacket[]>('SELECT @@SESSION.sql_mode AS mode');
  const modes = String(row?.['mode'] ?? '').split(',');
  const kept = modes.filter((mode) => !['ONLY_FULL_GROUP_BY', 'NO_BACKSLASH_ESCAPES'].includes(mode));
  await connection.query('SET SESSION sql_mode = ?', [kept.join(',')]);
}
