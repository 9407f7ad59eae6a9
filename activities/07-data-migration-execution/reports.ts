import type { EntityProgress } from './load/load-entity.ts';
import type { Counter } from './counters.ts';
import type { Difference } from './validate/compare.ts';
import type { EntityValidation } from './validate/validate.ts';
import type { EntityView } from './views.ts';

/** `stage-07/validation_report.json`. */
export interface ValidationReport {
  readonly schemaVersion: 1;
  readonly entities: readonly EntityValidation[];
  readonly totals: {
    readonly rows: number;
    readonly items: number;
    readonly missing: number;
    readonly extra: number;
    readonly different: number;
  };
  /** How many differences there were; each is a line of `differences.jsonl`. */
  readonly differences: number;
}

/** `stage-07/load_report.json`: the equation of each entity's load, read = written + existed + rejected. */
export interface LoadReport {
  readonly schemaVersion: 1;
  readonly engine: 'embedded';
  readonly entities: readonly ({ readonly sourceTable: string; readonly table: string } & Omit<
    EntityProgress,
    'after' | 'complete'
  >)[];
  readonly counters: readonly Counter[];
  /** Items of the backfill that were put anew or removed, because their rows had changed since. */
  readonly repaired: number;
}

export function validationReport(
  entities: readonly EntityValidation[],
  differences: readonly Difference[],
): ValidationReport {
  const sum = (pick: (entity: EntityValidation) => number): number =>
    entities.reduce((total, entity) => total + pick(entity), 0);
  return {
    schemaVersion: 1,
    entities,
    totals: {
      rows: sum(({ rows }) => rows),
      items: sum(({ items }) => items),
      missing: sum(({ missing, guardsMissing }) => missing + guardsMissing),
      extra: sum(({ extra }) => extra),
      different: sum(({ different }) => different),
    },
    differences: differences.length,
  };
}

export function validationMarkdown(report: ValidationReport): string {
  const { totals } = report;
  return [
    '# Validation of the data migration',
    '',
    'Every source row was compared with its item, and every item with the source, attribute by attribute, by canonical value.',
    '',
    '| source table | table | rows | items | missing | extra | different | guards expected | guards missing |',
    '|---|---|--:|--:|--:|--:|--:|--:|--:|',
    ...report.entities.map((entity) =>
      row([
        entity.sourceTable,
        entity.table,
        entity.rows,
        entity.items,
        entity.missing,
        entity.extra,
        entity.different,
        entity.guardsExpected,
        entity.guardsMissing,
      ]),
    ),
    row(['**all**', '', totals.rows, totals.items, totals.missing, totals.extra, totals.different, '', '']),
    '',
    report.differences === 0
      ? 'No difference was found.'
      : `${report.differences} differences were found; each is a line of \`differences.jsonl\`, by key.`,
    '',
  ].join('\n');
}

export function completionMarkdown(
  load: LoadReport,
  validation: ValidationReport,
  views: readonly EntityView[],
): string {
  return [
    '# Completion of the data migration',
    '',
    `Engine: ${load.engine}. Every write was conditional: a key in use was left as it was.`,
    '',
    '| source table | table | read | written | existed | rejected | guards written |',
    '|---|---|--:|--:|--:|--:|--:|',
    ...load.entities.map((entity) =>
      row([
        entity.sourceTable,
        entity.table,
        entity.read,
        entity.written,
        entity.existed,
        entity.rejected,
        entity.guardsWritten,
      ]),
    ),
    '',
    '"Existed" counts keys that were taken when the load came to them: by the application (dual write), or by an earlier',
    'attempt of this load that had not been acknowledged. The comparison says whether what stands there is right.',
    '',
    `Mended after the first comparison, because rows had changed since they were loaded: ${load.repaired}.`,
    '',
    '## Id counters',
    '',
    ...(load.counters.length === 0
      ? ['None.']
      : [
          '| source table | last id |',
          '|---|--:|',
          ...load.counters.map(({ sourceTable, value }) => row([sourceTable, value])),
        ]),
    '',
    '## Views',
    '',
    ...views.map(({ name, entity }) => `- \`${name}\` over \`${entity.source_table}\``),
    '',
    '## Result',
    '',
    `${validation.totals.rows} rows in MySQL, ${validation.totals.items} items in DynamoDB, missing ${validation.totals.missing}, ` +
      `extra ${validation.totals.extra}, different ${validation.totals.different}.`,
    '',
  ].join('\n');
}

function row(cells: readonly (string | number)[]): string {
  return `| ${cells.map((cell) => String(cell).replaceAll('|', '\\|')).join(' | ')} |`;
}
