import type { Choice } from '../choose.ts';
import type { Evaluation } from '../evaluate.ts';
import type { PriceTable } from '../../../core/prices.ts';
import { copiesSection } from './copies.ts';
import { limitsSection } from './limits.ts';
import { code, dollars, list, number, signedDollars, table } from './markdown.ts';

/** `alternatives.json`: every candidate with its price, its limits and its patterns' units. */
export function alternativesData(choice: Choice, prices: PriceTable): object {
  return {
    schemaVersion: 1,
    prices,
    chosen: choice.chosen.model.id,
    chosenTables: [...choice.chosen.tableCosts].map(([{ name }, cost]) => ({ name, monthly: rounded({ ...cost }) })),
    candidates: choice.ranked.map((evaluation, at) => ({
      rank: at + 1,
      id: evaluation.model.id,
      title: evaluation.model.title,
      monthly: rounded({ ...evaluation.cost }),
      unitsPerSecond: rounded({ ...evaluation.loads }),
      tables: evaluation.model.tables.length,
      indexes: evaluation.model.tables.flatMap((one) => one.indexes.map(({ name }) => `${one.name}/${name}`)),
      brokenLimits: evaluation.broken,
      notBuildable: evaluation.notBuildable,
      scans: scansOf(evaluation),
      patterns: evaluation.patterns.map(({ plan, readUnits, writeUnits }) => ({
        id: plan.pattern.id,
        ...rounded({ readUnits, writeUnits }),
      })),
    })),
    copies: choice.copies.map((one) => ({
      child: one.copy.child,
      parent: one.copy.parent,
      foreignKey: one.copy.key.name,
      columns: one.copy.columns,
      patterns: one.copy.patterns,
      monthly: rounded({ reads: one.reads, writes: one.writes, storage: one.storage, total: one.total }),
      changesPerSecond: Number(one.changesPerSecond.toPrecision(9)),
      itemsAChange: rounded({ ...one.items }),
      brokenLimits: one.broken,
      pays: one.taken,
    })),
  };
}

/** `alternatives.md`: the same for people, with the trade-off against the chosen one. */
export function alternativesDocument(choice: Choice, notice: string): string {
  const { chosen, ranked } = choice;
  const others = ranked.filter((evaluation) => evaluation !== chosen);
  return `${[
    '# Alternatives',
    `${ranked.length} models were generated from the same access patterns and priced alike. The cheapest that breaks no limit and that the later stages can build is chosen; what they can't build yet stands after it, with its price.`,
    notice,
    table(
      [
        'Rank',
        'Model',
        'Month on demand',
        'Month provisioned',
        'Reads',
        'Writes',
        'Storage',
        'Tables',
        'Indexes',
        'Scans',
        'Limits broken',
        'Can be built',
      ],
      ranked.map((evaluation, at) => [
        ...[
          at + 1,
          `${code(evaluation.model.id)} ${evaluation.model.title}`,
          dollars(evaluation.cost.onDemand),
          dollars(evaluation.cost.provisioned),
        ],
        ...[dollars(evaluation.cost.reads), dollars(evaluation.cost.writes), dollars(evaluation.cost.storage)],
        ...[
          evaluation.model.tables.length,
          evaluation.indexCount,
          scansOf(evaluation).length,
          evaluation.broken.length,
          evaluation.notBuildable.length === 0 ? 'yes' : 'not yet',
        ],
      ]),
    ),
    ...others.map((evaluation) => tradeOff(evaluation, chosen)),
    copiesSection(choice.copies),
    limitsSection(),
    '## How the numbers come about',
    'Units follow from item sizes (sampled rows, attribute names, composed keys) and from the rates of the requirement. Rows that a condition selects are estimated: one for a whole unique key, the mean number of children for a foreign key, one over the number of labels for ENUM and BOOLEAN, a third for a range, 25 for a page, 10 for a list. A write in a transaction costs twice, each guard and each parent that is checked is an item of its own, and each index is written once more (twice when its key changes). Provisioned prices hold the peak all month.',
  ].join('\n\n')}\n`;
}

function tradeOff(other: Evaluation, chosen: Evaluation): string {
  const rows: string[][] = other.patterns.flatMap((pattern, at) => {
    const base = chosen.patterns[at];
    if (!base) return [];
    const reads = pattern.readUnits - base.readUnits;
    const writes = pattern.writeUnits - base.writeUnits;
    if (Math.abs(reads) < 0.005 && Math.abs(writes) < 0.005) return [];
    return [[pattern.plan.pattern.id, pattern.plan.pattern.title, signed(reads), signed(writes)]];
  });
  const difference = other.cost.onDemand - chosen.cost.onDemand;
  return [
    `## ${other.model.title}`,
    other.model.idea,
    `Against the chosen model: ${signedDollars(difference)} a month, ${signed(other.indexCount - chosen.indexCount)} indexes.`,
    ...(other.notBuildable.length > 0 ? ['**Not buildable yet:**', list(other.notBuildable)] : []),
    ...(other.broken.length > 0 ? [`It breaks limits:`, list(other.broken)] : []),
    ...projectionsOf(other),
    rows.length > 0
      ? table(['Pattern', 'What', 'Read units more', 'Write units more'], rows)
      : 'Every pattern costs the same units.',
  ].join('\n\n');
}

/** What the indexes of a model with narrow projections hold. */
function projectionsOf({ model }: Evaluation): string[] {
  const rows = model.tables.flatMap((one) =>
    one.indexes
      .filter(({ projection }) => projection.kind !== 'ALL')
      .map(({ name, projection }) => [code(name), projection.kind, projection.columns.join(', ') || 'nothing']),
  );
  return rows.length === 0 ? [] : [table(['Index', 'Projection', 'Beside the keys'], rows)];
}

function scansOf(evaluation: Evaluation): string[] {
  return evaluation.patterns
    .filter(({ served }) => served.some(({ path }) => path.operation === 'scan'))
    .map(({ plan }) => plan.pattern.id);
}

function signed(value: number): string {
  return `${value > 0 ? '+' : ''}${number(value)}`;
}

/** Rounded to nine digits, so that sums in another order give the same bytes. */
function rounded(values: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, Number(value.toPrecision(9))]));
}
