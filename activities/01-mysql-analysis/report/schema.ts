import type { Analysis, ColumnFacts, TableFacts } from '../../../core/analysis.ts';
import { code, codes, document, number, plain, table } from './markdown.ts';
import { erDiagram } from './mermaid.ts';

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
        plain(one.comment),
      ]),
    ),
    '## Views',
    table(
      ['view', 'definition'],
      analysis.views.map((one) => [code(one.name), code(one.definition)]),
    ),
    '## Triggers',
    table(
      ['trigger', 'table', 'when', 'statement'],
      analysis.triggers.map((one) => [
        code(one.name),
        code(one.table),
        `${one.timing} ${one.event}`,
        code(one.statement),
      ]),
    ),
    '## Routines',
    table(
      ['routine', 'type'],
      analysis.routines.map((one) => [code(one.name), one.type]),
    ),
    '## Events',
    table(
      ['event', 'status'],
      analysis.events.map((one) => [code(one.name), plain(one.status)]),
    ),
  );
}

/** 01_3_entity_relationships.md: the diagram, the foreign keys and how many children parents have. */
export function entityRelationships(analysis: Analysis): string {
  const keys = analysis.tables.flatMap((one) => one.foreignKeys.map((key) => ({ one, key })));
  return document(
    '# Entity relationships',
    erDiagram(analysis.tables),
    '## Foreign keys',
    table(
      [
        'foreign key',
        'from',
        'to',
        'on delete',
        'on update',
        'parents with children',
        'children p50',
        'p99',
        'max',
        'orphans',
      ],
      keys.map(({ one, key }) => [
        code(key.name),
        code(`${one.name} (${key.columns.join(', ')})`),
        code(`${key.referencedTable} (${key.referencedColumns.join(', ')})`),
        plain(key.onDelete),
        plain(key.onUpdate),
        ...(key.children === undefined
          ? ['–', '–', '–', '–', '–']
          : [key.children.parents, key.children.p50, key.children.p99, key.children.max, key.children.orphans].map(
              number,
            )),
      ]),
    ),
    '## Tables without relationships',
    codes(unrelated(analysis.tables)),
  );
}

function unrelated(tables: readonly TableFacts[]): string[] {
  const related = new Set(tables.flatMap((one) => one.foreignKeys.flatMap((key) => [one.name, key.referencedTable])));
  return tables.map((one) => one.name).filter((name) => !related.has(name));
}

/** 01_4_table_structures.md: each table on its own, and what was found in the data. */
export function tableStructures(analysis: Analysis): string {
  return document(
    '# Table structures',
    'Sizes are bytes of values as DynamoDB counts them, without attribute names; rows are counted exactly.',
    ...analysis.tables.map((one) => tableSection(one)),
    '## Findings in the data',
    'Counts only: no value of any row is written here.',
    table(
      ['id', 'severity', 'table', 'columns', 'count', 'finding'],
      analysis.dataFindings.map((one) => [
        one.id,
        one.severity,
        code(one.table),
        codes(one.columns),
        number(one.count),
        plain(one.finding),
      ]),
    ),
  );
}

function tableSection(one: TableFacts): string {
  const { rows, rowBytes } = one.statistics;
  return document(
    `## ${code(one.name)}`,
    `${number(rows)} rows; row size p50 ${number(rowBytes.p50)}, p99 ${number(rowBytes.p99)}, max ${number(rowBytes.max)} bytes (${number(rowBytes.sampled)} rows measured).`,
    table(
      ['#', 'column', 'type', 'null', 'default', 'extra', 'charset, collation', 'mean bytes', 'max bytes', 'comment'],
      one.columns.map((column) => [
        column.position,
        code(column.name),
        code(column.columnType),
        column.nullable ? 'yes' : 'no',
        column.default === null ? '–' : code(column.default === '' ? "''" : column.default),
        extra(column),
        column.collation === null ? '–' : plain(`${column.characterSet ?? ''}, ${column.collation}`),
        column.valueBytes?.mean ?? '–',
        column.valueBytes?.max ?? '–',
        plain(column.comment),
      ]),
    ),
    table(
      ['index', 'unique', 'type', 'parts'],
      one.indexes.map((index) => [
        code(index.name),
        index.unique ? 'yes' : 'no',
        plain(index.type),
        index.parts
          .map((part) =>
            code(
              `${part.column ?? part.expression ?? ''}${part.prefix === null ? '' : `(${part.prefix})`}${part.descending ? ' DESC' : ''}`,
            ),
          )
          .join(', '),
      ]),
    ),
    ...(one.checks.length === 0
      ? []
      : [
          table(
            ['check', 'clause'],
            one.checks.map((check) => [code(check.name), code(check.clause)]),
          ),
        ]),
  );
}

function extra(column: ColumnFacts): string {
  const words = [
    ...(column.autoIncrement ? ['auto increment'] : []),
    ...(column.onUpdateCurrentTimestamp ? ['on update current timestamp'] : []),
    ...(column.generated === undefined
      ? []
      : [`${column.generated.stored ? 'stored' : 'virtual'}: ${code(column.generated.expression)}`]),
  ];
  return words.length === 0 ? '–' : words.join(', ');
}
