import type { Analysis, ColumnFacts, PartitioningFacts, TableFacts } from '../../../core/analysis.ts';
import { code, codes, document, number, plain, table } from './markdown.ts';

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
      ['index', 'unique', 'type', 'parts', 'comment'],
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
          .join(', ') + (index.invisible === true ? ', invisible' : ''),
        plain(index.comment ?? ''),
      ]),
    ),
    ...(one.checks.length === 0
      ? []
      : [
          table(
            ['check', 'clause', 'enforced'],
            one.checks.map((check) => [code(check.name), code(check.clause), check.enforced === false ? 'no' : 'yes']),
          ),
        ]),
    ...(one.partitioning === undefined ? [] : [partitions(one.partitioning)]),
  );
}

function partitions(one: PartitioningFacts): string {
  const by = (method: string, expression: string): string => `${plain(method)} ${code(expression)}`;
  const sub = one.subMethod === undefined ? '' : `, then ${by(one.subMethod, one.subExpression ?? '')}`;
  return document(
    `Partitioned by ${by(one.method, one.expression)}${sub}.`,
    table(
      ['partition', 'values', 'subpartitions'],
      one.parts.map((part) => [
        code(part.name),
        part.description === '' ? '–' : code(part.description),
        codes(part.subparts),
      ]),
    ),
  );
}

function extra(column: ColumnFacts): string {
  const words = [
    ...(column.autoIncrement ? ['auto increment'] : []),
    ...(column.onUpdateCurrentTimestamp ? ['on update current timestamp'] : []),
    ...(column.generated === undefined
      ? []
      : [`${column.generated.stored ? 'stored' : 'virtual'}: ${code(column.generated.expression)}`]),
    ...(column.defaultIsExpression === true ? ['default is an expression'] : []),
    ...(column.invisible === true ? ['invisible'] : []),
    ...(column.spatialReference === undefined ? [] : [`spatial reference system ${column.spatialReference}`]),
  ];
  return words.length === 0 ? '–' : words.join(', ');
}
