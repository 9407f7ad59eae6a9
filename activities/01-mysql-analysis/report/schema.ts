import type { Analysis } from '../../../core/analysis.ts';
import { code, codes, document, number, plain, table } from './markdown.ts';
import { objectSections } from './objects.ts';

/** 01_2_schema_extraction.md: everything that information_schema knows. */
export function schemaExtraction(analysis: Analysis): string {
  const { server, tables } = analysis;
  const columns = tables.reduce((sum, one) => sum + one.columns.length, 0);
  return document(
    '# Schema extraction',
    table(
      ['fact', 'value'],
      [
        ['database', code(analysis.database)],
        ['server', `${server.flavour} ${plain(server.version)}`],
        ['character set, collation', plain(`${server.characterSet ?? ''}, ${server.collation ?? ''}`)],
        ['SQL mode', code(server.sqlMode)],
        ['time zone', code(server.timeZone)],
        ['lower_case_table_names', server.lowerCaseTableNames],
        ['tables', number(tables.length)],
        ['columns', number(columns)],
        ['indexes', number(tables.reduce((sum, one) => sum + one.indexes.length, 0))],
        ['foreign keys', number(tables.reduce((sum, one) => sum + one.foreignKeys.length, 0))],
        ['rows', number(tables.reduce((sum, one) => sum + one.statistics.rows, 0))],
      ],
    ),
    '## Tables',
    table(
      [
        'table',
        'engine',
        'collation',
        'columns',
        'primary key',
        'rows',
        'data bytes',
        'index bytes',
        'partitions',
        'row format, options',
        'comment',
      ],
      tables.map((one) => [
        code(one.name),
        plain(one.engine),
        plain(one.collation),
        one.columns.length,
        codes(one.primaryKey),
        number(one.statistics.rows),
        number(one.statistics.dataBytes),
        number(one.statistics.indexBytes),
        codes(one.partitions),
        plain(
          [one.rowFormat ?? '', one.options ?? '', one.systemVersioned === true ? 'system versioned' : ''].join(' '),
        ),
        plain(one.comment),
      ]),
    ),
    ...objectSections(analysis),
  );
}
