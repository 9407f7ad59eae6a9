import type { Analysis } from '../../../core/analysis.ts';
import type { Evaluation, PatternCost } from '../evaluate.ts';
import { code, list, number, table } from './markdown.ts';

/** `dynamodb_requirement.md`: what the model has to do, before any model is shown. */
export function requirementDocument(analysis: Analysis, chosen: Evaluation): string {
  const { patterns } = chosen;
  const provenance = (kind: string) => patterns.filter(({ plan }) => plan.rate.provenance === kind).length;
  return `${[
    '# DynamoDB requirement',
    `Database ${code(analysis.database)}, ${analysis.server.flavour} ${analysis.server.version}: ${analysis.tables.length} tables, ${patterns.length} access patterns.`,
    '## Access patterns',
    `Rates are requests a second. ${provenance('measured')} measured, ${provenance('stated')} stated, ${provenance('assumed')} assumed.`,
    table(
      [
        'Pattern',
        'What',
        'Kind',
        'Mean',
        'Peak',
        'Provenance',
        'Tables',
        'Bound by',
        'Items read',
        'Bytes read',
        'Order',
        'Consistency',
      ],
      patterns.map(patternRow),
    ),
    '## Data',
    table(
      ['Table', 'Rows', 'Row bytes p50', 'p99', 'Largest', 'Sampled', 'Key', 'Unique keys', 'Foreign keys'],
      analysis.tables.map((facts) => {
        const { rowBytes, rows } = facts.statistics;
        const uniques = facts.indexes
          .filter((index) => index.unique && index.name !== 'PRIMARY')
          .map(({ name }) => name);
        return [
          ...[facts.name, rows, number(rowBytes.p50), number(rowBytes.p99), number(rowBytes.max), rowBytes.sampled],
          ...[facts.primaryKey.join(', '), uniques.join(', '), facts.foreignKeys.map(({ name }) => name).join(', ')],
        ];
      }),
    ),
    '## What the data demands',
    list(
      analysis.dataFindings.map(
        (one) =>
          `${one.id} (${one.severity}) ${one.table}${one.columns.length > 0 ? ` (${one.columns.join(', ')})` : ''}: ${one.finding} Count: ${one.count}.`,
      ),
    ),
    '## What the three sources of the analysis disagree on',
    list(analysis.contradictions.map((one) => `${one.id} (${one.sources.join(', ')}): ${one.finding}`)),
    '## What is not in items',
    list([
      ...analysis.views.map(({ name }) => `View ${name}: no rows of its own.`),
      ...analysis.triggers.map(
        ({ name, table: on }) =>
          `Trigger ${name} on ${on}: not carried over; what it does has to move into the application.`,
      ),
      ...analysis.routines.map(({ name, type }) => `${type} ${name}: not carried over.`),
      ...analysis.events.map(({ name }) => `Event ${name}: not carried over.`),
      ...analysis.tables.flatMap((facts) =>
        facts.checks.map(
          ({ name, clause }) => `CHECK ${name} on ${facts.name} (${code(clause)}): not enforced by DynamoDB.`,
        ),
      ),
    ]),
  ].join('\n\n')}\n`;
}

/** Items that one execution reads, and their bytes, as the chosen model reads them; estimated from counts. */
function amounts(served: PatternCost['served']): string[] {
  let items = 0;
  let bytes = 0;
  for (const { lookup, path, table: from } of served) {
    const size = from.entities.find(({ design }) => design.facts.name === lookup.table)?.size.typical ?? 0;
    items += path.items * lookup.times;
    bytes += path.items * lookup.times * size;
  }
  return [number(items, 0), number(bytes, 0)];
}

function patternRow({ plan, served }: PatternCost): string[] {
  const { pattern, rate } = plan;
  const bound = plan.lookups
    .filter(({ purpose }) => purpose !== 'foreign key check')
    .map(
      ({ table: of, equality, range }) =>
        `${of} (${[...equality, ...range.map((column) => `${column} range`)].join(', ') || 'all'})`,
    );
  const order = pattern.orderBy.map(
    ({ table: of, column, descending }) => `${of}.${column}${descending ? ' descending' : ''}`,
  );
  const byIndex = served.some(({ path }) => path.index !== null);
  const reads = byIndex ? 'eventual where an index is read' : 'strong';
  const consistency = pattern.kind === 'read' ? reads : 'transaction';
  return [
    ...[
      pattern.id,
      pattern.title,
      pattern.kind,
      number(rate.mean, 4),
      number(rate.peak, 4),
      `${rate.provenance}: ${rate.from}`,
    ],
    ...[
      [...new Set(pattern.tables)].join(', '),
      bound.join('; '),
      ...amounts(served),
      order.join(', ') || 'none',
      consistency,
    ],
  ];
}
