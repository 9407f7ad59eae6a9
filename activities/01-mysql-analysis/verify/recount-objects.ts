import type { Analysis } from '../../../core/analysis.ts';
import { withoutQuoted } from '../access/statements.ts';
import { code } from '../report/markdown.ts';
import type { Row, SourceReader } from '../source.ts';
import type { Facts } from './index.ts';
import { bothWays, field, sections, type Definitions } from './recount.ts';

/** Views, triggers, routines, events and sequences by SHOW, against the JSON and the page. */
export async function recountObjects(reader: SourceReader, analysis: Analysis, text: string): Promise<Facts> {
  const tables = (await reader.query('SHOW FULL TABLES')).map((row) => Object.values(row).map(String));
  const named = (type: string): string[] => tables.filter(([, one]) => one === type).map(([name]) => name ?? '');
  const pages = sections(text);
  const part = (title: string): string => pages.get(title) ?? '';
  const first = (title: string) => (name: string) => part(title).includes(`| ${code(name)} |`);
  const typed = (name: string): boolean => {
    const [type = '', ...rest] = name.split(' ');
    return part('Routines').includes(`| ${code(rest.join(' '))} | ${type} |`);
  };
  return [
    ...bothWays(
      named('VIEW'),
      analysis.views.map((one) => one.name),
      first('Views'),
    ),
    ...bothWays(
      (await reader.query('SHOW TRIGGERS')).map((row) => field(row, 'Trigger')),
      analysis.triggers.map((one) => one.name),
      first('Triggers'),
    ),
    ...bothWays(
      await shownRoutines(reader),
      analysis.routines.map((one) => `${one.type} ${one.name}`),
      typed,
    ),
    ...bothWays(
      (await reader.query('SHOW EVENTS')).map((row) => field(row, 'Name')),
      analysis.events.map((one) => one.name),
      first('Events'),
    ),
    ...bothWays(named('SEQUENCE'), analysis.sequences ?? [], (name) => part('Sequences').includes(code(name))),
  ];
}

async function shownRoutines(reader: SourceReader): Promise<string[]> {
  const status = [...(await reader.query('SHOW PROCEDURE STATUS')), ...(await reader.query('SHOW FUNCTION STATUS'))];
  return status
    .filter((row: Row) => field(row, 'Db').toLowerCase() === reader.database.toLowerCase())
    .map((row) => `${field(row, 'Type')} ${field(row, 'Name')}`);
}

/** CHECKs and partitions by the text of SHOW CREATE TABLE. */
export function recountParts(definitions: Definitions, analysis: Analysis, text: string): Facts {
  const checks = [...definitions].flatMap(([table, definition]) =>
    checksOf(definition).map((name) => `${table} check ${name}`),
  );
  const partitions = [...definitions].map(
    ([table, definition]) => `${table} partitions ${countPartitions(definition)}`,
  );
  const pages = sections(text);
  const listed = new Set(
    analysis.tables.flatMap((table) => {
      const page = pages.get(code(table.name)) ?? '';
      const shown = (name: string): boolean => page.includes(`\n| ${code(name)} |`);
      return [
        ...table.checks.filter((check) => shown(check.name)).map((check) => `${table.name} check ${check.name}`),
        ...(table.partitions.every(shown) ? [`${table.name} partitions ${table.partitions.length}`] : []),
      ];
    }),
  );
  return [
    ...bothWays(
      checks,
      analysis.tables.flatMap((table) => table.checks.map((check) => `${table.name} check ${check.name}`)),
      (name) => listed.has(name),
    ),
    ...bothWays(
      partitions,
      analysis.tables.map((table) => `${table.name} partitions ${table.partitions.length}`),
      (name) => listed.has(name),
    ),
  ];
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
