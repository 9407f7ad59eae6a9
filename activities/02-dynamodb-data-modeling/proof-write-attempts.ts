import { storedValues, type SourceRow } from '../../runtime/store/codec.ts';
import type { EntityModel, StoreModel } from '../../runtime/store/model.ts';
import { recordId, rowOf } from '../../runtime/store/record.ts';
import type { NewRow } from '../../runtime/store/row-writer.ts';
import type { Row } from '../../runtime/store/value.ts';
import type { Writer } from '../../runtime/store/writer.ts';
import type { PatternCost } from './evaluate.ts';

interface Away {
  readonly entity: EntityModel;
  readonly row: SourceRow;
}

/** A write that can be tried on the sampled items. */
export interface Attempt {
  /** Rows that are not there meanwhile, so that their values are free, or so that they keep no parent from going. */
  readonly absent: readonly Away[];
  readonly run: (writer: Writer) => Promise<unknown>;
}

interface Source {
  readonly model: StoreModel;
  readonly samples: ReadonlyMap<string, readonly SourceRow[]>;
}

/** Rows of one bulk insert; more would not fit into a transaction with their guards. */
const BULK = 20;

/** The ways to execute a writing pattern with sampled rows, in order; a sentence where there can be none. */
export function attemptsOf({ plan, effects }: PatternCost, { model, samples }: Source): Attempt[] | string {
  const [effect] = effects;
  const entity = effect && model.entities[effect.table];
  if (!effect || !entity) return 'It names no table that it writes.';
  const rows = samples.get(effect.table) ?? [];
  if (rows.length === 0) return `The sample has no row of ${effect.table}.`;
  switch (plan.facts.verb) {
    case 'insert':
      return inserts(plan, entity, rows, model);
    case 'update':
      return rows.flatMap((row) => updates(entity, row, rows, effect.assigned, model));
    case 'delete':
      return rows.map((row) => ({
        absent: keepers(entity, row, { model, samples }),
        run: (writer) => writer.delete([known(model, entity, row)]),
      }));
    default:
      return 'It is neither an INSERT nor an UPDATE nor a DELETE.';
  }
}

/** A sampled row is taken away and inserted again, with a new id where the store gives ids. */
function inserts(
  { pattern, facts }: PatternCost['plan'],
  entity: EntityModel,
  rows: readonly SourceRow[],
  model: StoreModel,
): Attempt[] {
  const [reference] = entity.references;
  const bulk = pattern.template.parts.some(({ kind }) => kind === 'rows') && reference !== undefined;
  return rows.map((first) => {
    const together = bulk
      ? rows
          .filter((row) => reference.columns.every((name) => String(row[name]) === String(first[name])))
          .slice(0, BULK)
      : [first];
    const values = together.map((row): NewRow => {
      const all = Object.entries(known(model, entity, row));
      return Object.fromEntries(all.filter(([name]) => entity.columns[name]?.autoIncrement !== true));
    });
    return {
      absent: together.map((row) => ({ entity, row })),
      run: (writer) =>
        facts.upsert
          ? writer.upsert(entity.sourceTable, values, () => ({}))
          : writer.insert(entity.sourceTable, values),
    };
  });
}

/** Sampled children that would keep a row from being removed, those of rows that go with it included. */
function keepers(
  entity: EntityModel,
  row: SourceRow,
  source: Source,
  seen: ReadonlySet<SourceRow> = new Set(),
): Away[] {
  const found: Away[] = [];
  for (const child of Object.values(source.model.entities)) {
    for (const { target, columns, targetColumns, onDelete } of child.references) {
      if (target !== entity.sourceTable || onDelete === 'SET NULL') continue;
      for (const one of source.samples.get(child.sourceTable) ?? []) {
        const refers = columns.every((column, at) => String(one[column]) === String(row[targetColumns[at] ?? '']));
        if (!refers || one === row || seen.has(one)) continue;
        if (onDelete === 'RESTRICT') found.push({ entity: child, row: one });
        else found.push(...keepers(child, one, source, new Set([...seen, row])));
      }
    }
  }
  return found;
}

/** A row gets the assigned columns of another one that differs from it in all of them that it can, and that is away. */
function updates(
  entity: EntityModel,
  row: SourceRow,
  rows: readonly SourceRow[],
  assigned: readonly string[],
  model: StoreModel,
): Attempt[] {
  const columns = Object.keys(entity.columns).filter((name) => assigned.includes(name));
  const differs = (other: SourceRow): number =>
    columns.filter((name) => String(other[name] ?? null) !== String(row[name] ?? null)).length;
  const most = Math.max(0, ...rows.map(differs));
  const donor = rows.find((other) => differs(other) === most);
  if (!donor || most === 0) return [];
  const given = known(model, entity, donor);
  const values = Object.fromEntries(columns.map((name) => [name, given[name] ?? null]));
  return [
    { absent: [{ entity, row: donor }], run: (writer) => writer.update([known(model, entity, row)], () => values) },
  ];
}

/** A sampled row as the store would have read it. */
function known(model: StoreModel, entity: EntityModel, row: SourceRow): Row {
  const stored = storedValues(entity, row);
  return rowOf({ entity, id: recordId(model, entity, stored), stored, version: 0n });
}
