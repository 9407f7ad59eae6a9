import type { ServerFacts } from '../../../core/analysis.ts';
import type { SourceReader } from '../source.ts';

/** What the server says of itself; the global settings, since the session's own are ours. */
export async function readServer(reader: SourceReader): Promise<ServerFacts> {
  const [row] = await reader.query(
    `SELECT VERSION() AS version, @@GLOBAL.sql_mode AS sql_mode, @@GLOBAL.time_zone AS time_zone,
            @@GLOBAL.system_time_zone AS system_time_zone, @@GLOBAL.lower_case_table_names AS lower_case`,
  );
  const version = String(row?.['version'] ?? '');
  const zone = String(row?.['time_zone'] ?? '');
  return {
    version,
    flavour: /mariadb/i.test(version) ? 'mariadb' : 'mysql',
    sqlMode: String(row?.['sql_mode'] ?? ''),
    timeZone: zone === 'SYSTEM' ? String(row?.['system_time_zone'] ?? '') : zone,
    lowerCaseTableNames: Number(row?.['lower_case'] ?? 0),
  };
}

/** Sizes that MySQL 8 and later cache for a day are read fresh; older servers and MariaDB do not know the setting. */
export async function freshStatistics(reader: SourceReader, server: ServerFacts): Promise<void> {
  if (server.flavour === 'mysql' && Number(server.version.split('.')[0]) >= 8) {
    await reader.query('SET SESSION information_schema_stats_expiry = 0');
  }
}
