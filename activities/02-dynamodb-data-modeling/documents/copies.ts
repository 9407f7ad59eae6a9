import type { ConsideredCopy } from '../considered-copies.ts';
import { code, number, signedDollars, table } from './markdown.ts';

/** Every denormalised copy that was considered: what it saves, what a change of its source rewrites, and the verdict. */
export function copiesSection(copies: readonly ConsideredCopy[]): string {
  const intro =
    'A copy stores columns of a parent in the rows that refer to it, so that a join becomes one read. When the parent changes, all its children are rewritten in one transaction. Amounts are US$ a month more than the tables with priced indexes.';
  if (copies.length === 0) return `## Copies considered\n\n${intro}\n\nNo pattern reads a parent by a foreign key.`;
  const rows = copies.map((one) => [
    `${one.copy.parent} (${one.copy.columns.join(', ')}) into ${one.copy.child}`,
    one.copy.patterns.join(', '),
    signedDollars(one.reads),
    signedDollars(one.writes),
    signedDollars(one.total),
    `${number(one.changesPerSecond, 4)} a second, ${number(one.items.mean)} items each, at most ${one.items.most}`,
    verdict(one),
  ]);
  const head = ['Copy', 'Spares a read in', 'Reads', 'Writes', 'In all', 'Changes of the source', 'Verdict'];
  return ['## Copies considered', intro, table(head, rows)].join('\n\n');
}

function verdict({ broken, taken, total, copy }: ConsideredCopy): string {
  if (broken.length > 0) return `no: ${broken.join(' ')}`;
  if (taken) return `pays; part of ${code('tables-copied')}`;
  return total < 0
    ? `no: another copy along ${copy.key.name} saves more, or it saves nothing worth`
    : 'no: costs more than it saves';
}
