import { CutoverError } from '../../../core/errors/index.ts';
import { withoutQuoted } from '../access/statements.ts';
import { quoted, type SourceReader } from '../source.ts';
import { baseTables, field } from './recount.ts';

/** Parts of tables that the server shows, as `table.name`, and the number of each table's partitions. */
export interface SeenParts {
  readonly foreignKeys: readonly string[];
  readonly checks: readonly string[];
  readonly partitions: ReadonlyMap<string, number>;
}

/**
 * Foreign keys, CHECKs and partitions by the text of SHOW CREATE TABLE, which comes from no view of
 * information_schema. Some MCP servers refuse the word CREATE; there they are counted by views that the analysis does
 * not take them from.
 */
export async function seenParts(reader: SourceReader): Promise<SeenParts> {
  const tables = await baseTables(reader);
  try {
    return partsOf(await definitions(reader, tables));
  } catch (error) {
    const refused = error instanceof CutoverError && error.code === 'analysis.query-failed' && reader.set === undefined;
    if (!refused) throw error;
    return countedParts(reader, tables);
  }
}

async function definitions(reader: SourceReader, tables: readonly string[]): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const table of tables) {
    const [row] = await reader.query(`SHOW CREATE TABLE ${quoted(table)}`);
    found.set(table, field(row, 'Create Table'));
  }
  return found;
}

function partsOf(found: ReadonlyMap<string, string>): SeenParts {
  const named = (names: (definition: string) => string[]): string[] =>
    [...found].flatMap(([table, definition]) => names(definition).map((name) => `${table}.${name}`));
  return {
    foreignKeys: named(foreignKeysOf),
    checks: named(checksOf),
    partitions: new Map([...found].map(([table, definition]) => [table, countPartitions(definition)])),
  };
}

async function countedParts(reader: SourceReader, tables: readonly string[]): Promise<SeenParts> {
  const constraints = await reader.query(
    `SELECT TABLE_NAME AS table_name, CONSTRAINT_NAME AS name, CONSTRAINT_TYPE AS type
      FROM information_schema.TABLE_CONSTRAINTS WHERE CONSTRAINT_SCHEMA = ?`,
    [reader.database],
  );
  const counts = await reader.query(
    `SELECT TABLE_NAME AS table_name, COUNT(DISTINCT PARTITION_NAME) AS n
      FROM information_schema.PARTITIONS WHERE TABLE_SCHEMA = ? GROUP BY TABLE_NAME`,
    [reader.database],
  );
  const ofType = (type: string): string[] =>
    constraints
      .filter((row) => field(row, 'type') === type)
      .map((row) => `${field(row, 'table_name')}.${field(row, 'name')}`);
  const partitions = new Map(counts.map((row) => [field(row, 'table_name'), Number(row['n'])]));
  return {
    foreignKeys: ofType('FOREIGN KEY'),
    checks: ofType('CHECK'),
    partitions: new Map(tables.map((table) => [table, partitions.get(table) ?? 0])),
  };
}

/** Names of the foreign keys in a definition. */
export function foreignKeysOf(definition: string): string[] {
  return [...definition.matchAll(/^\s*CONSTRAINT `((?:[^`]|``)+)` FOREIGN KEY/gm)].map((match) =>
    (match[1] ?? '').replaceAll('``', '`'),
  );
}

/** Names of the CHECKs; MariaDB names a column's own after the column. */
export function checksOf(definition: string): string[] {
  const bare = withoutQuoted(definition);
  const names: string[] = [];
  let start = 0;
  for (const line of bare.split('\n')) {
    const own = /^\s*(CONSTRAINT )?`(_+)`.* ?CHECK \(/.exec(line);
    const isKey = /^\s*CONSTRAINT `_+` (?!CHECK)/.test(line);
    if (own?.[2] !== undefined && !isKey) {
      const at = start + line.indexOf('`') + 1;
      names.push(definition.slice(at, at + own[2].length).replaceAll('``', '`'));
    }
    start += line.length + 1;
  }
  return names;
}

/** Partitions, not subpartitions; those of HASH and KEY have no names in the text, only their number. */
export function countPartitions(definition: string): number {
  const bare = withoutQuoted(definition);
  const at = bare.search(/^(?:\/\*!\d+)? ?PARTITION BY /m);
  if (at < 0) return 0;
  const clause = bare.slice(at);
  const named = clause.match(/^[\s(]*PARTITION (?!BY)/gm)?.length ?? 0;
  return named > 0 ? named : Number(/^PARTITIONS (\d+)/m.exec(clause)?.[1] ?? 1);
}
