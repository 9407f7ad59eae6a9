import type { Analysis } from '../../../core/analysis.ts';
import { code } from '../report/markdown.ts';
import type { Row, SourceReader } from '../source.ts';
import type { Facts } from './index.ts';
import { bothWays, field, sections } from './recount.ts';
import type { SeenParts } from './seen-parts.ts';

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

/** CHECKs and partitions that the server shows, against the JSON and the page. */
export function recountParts(seen: SeenParts, analysis: Analysis, text: string): Facts {
  const checks = seen.checks.map((name) => `check ${name}`);
  const partitions = [...seen.partitions].map(([table, count]) => `partitions of ${table}: ${count}`);
  const pages = sections(text);
  const listed = new Set(
    analysis.tables.flatMap((table) => {
      const page = pages.get(code(table.name)) ?? '';
      const shown = (name: string): boolean => page.includes(`\n| ${code(name)} |`);
      return [
        ...table.checks.filter((check) => shown(check.name)).map((check) => `check ${table.name}.${check.name}`),
        ...(table.partitions.every(shown) ? [`partitions of ${table.name}: ${table.partitions.length}`] : []),
      ];
    }),
  );
  return [
    ...bothWays(
      checks,
      analysis.tables.flatMap((table) => table.checks.map((check) => `check ${table.name}.${check.name}`)),
      (name) => listed.has(name),
    ),
    ...bothWays(
      partitions,
      analysis.tables.map((table) => `partitions of ${table.name}: ${table.partitions.length}`),
      (name) => listed.has(name),
    ),
  ];
}
