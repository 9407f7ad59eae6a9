import type { ServerFacts } from '../../../core/analysis.ts';
import type { SourceReader } from '../source.ts';
import { optional, text } from './row.ts';

/** What the server says of itself; the global settings, since the session's own are ours. */
export async function readServer(reader: SourceReader): Promise<ServerFacts> {
  const [row] = await reader.query(
    `SELECT VERSION() AS version, @@GLOBAL.sql_mode AS sql_mode, @@GLOBAL.time_zone AS time_zone,
            @@GLOBAL.system_time_zone AS system_time_zone, @@GLOBAL.lower_case_table_names AS lower_case`,
  );
  const version = String(row?.['version'] ?? '');
  const [database] = await reader.query(
    `SELECT DEFAULT_CHARACTER_SET_NAME AS character_set, DEFAULT_COLLATION_NAME AS collation
      FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = ?`,
    [reader.database],
  );
  const zone = String(row?.['time_zone'] ?? '');
  return {
    version,
    flavour: /mariadb/i.test(version) ? 'mariadb' : 'mysql',
    sqlMode: String(row?.['sql_mode'] ?? ''),
    timeZone: zone === 'SYSTEM' ? String(row?.['system_time_zone'] ?? '') : zone,
    lowerCaseTableNames: Number(row?.['lower_case'] ?? 0),
    ...optional('characterSet', text(database, 'character_set')),
    ...optional('collation', text(database, 'collation')),
  };
}

/** Whether the server is of that version or later; of MySQL and MariaDB each its own numbers. */
export function isAtLeast(server: ServerFacts, ...wanted: readonly number[]): boolean {
  const has = server.version.split(/[.-]/).map(Number);
  for (const [index, want] of wanted.entries()) {
    const have = has[index] ?? 0;
    if (have !== want) return have > want;
  }
  return true;
}

/**
 * Sizes that MySQL 8 and later cache for a day are read fresh; older servers and MariaDB do not know the setting,
 * and through an MCP server there is no session of ours to set it in.
 */
export async function freshStatistics(reader: SourceReader, server: ServerFacts): Promise<void> {
  if (server.flavour === 'mysql' && isAtLeast(server, 8)) await reader.set?.('information_schema_stats_expiry = 0');
}
