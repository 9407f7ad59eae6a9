import { assign } from './assign.ts';
import { isNull } from './compare.ts';
import { defaultValue } from './defaults.ts';
import { highestId, idColumn, raiseCounter, takeIds } from './ids.ts';
import type { StoredValues } from './key-encoding.ts';
import type { EntityModel } from './model.ts';
import { type Duplicate, type NewRow, RowWriter } from './row-writer.ts';
import { rowOf } from './record.ts';
import { duplicateEntry } from './sql-error.ts';
import { numericOf, type Row } from './value.ts';

/** What the driver says of a write. */
export interface WriteOutcome {
  /** First id that the statement gave out; 0 for none. */
  readonly insertId: number;
  readonly affectedRows: number;
  readonly changedRows: number;
}

/** What to do with a row whose key is taken: it counts as so many, or is to be tried again. */
type OnDuplicate = (duplicate: Duplicate, values: Row, rowNumber: number) => Promise<number | 'again'>;

/** Writes of one statement, kept in the transaction's state until it commits. */
export class Writer extends RowWriter {
  /** `INSERT`. Columns that a row leaves out get their defaults. */
  async insert(entityName: string, rows: readonly NewRow[]): Promise<WriteOutcome> {
    const { sourceTable } = this.entity(entityName);
    return this.insertOr(entityName, rows, ({ entry, key }) => {
      throw duplicateEntry(entry, sourceTable, key);
    });
  }

  /** `INSERT … ON DUPLICATE KEY UPDATE`: `change` gets the row that is there, and the one that was to be inserted. */
  async upsert(
    entityName: string,
    rows: readonly NewRow[],
    change: (row: Row, values: Row) => NewRow,
  ): Promise<WriteOutcome> {
    return this.insertOr(entityName, rows, async ({ row }, values, rowNumber) => {
      // By the driver's FOUND_ROWS flag a row that stays as it was counts once, a changed one twice.
      return (await this.updateOne(row, change(row, values), rowNumber)) ? 2 : 1;
    });
  }

  /** `INSERT IGNORE`, as far as duplicates go. */
  async insertIgnore(entityName: string, rows: readonly NewRow[]): Promise<WriteOutcome> {
    return this.insertOr(entityName, rows, () => Promise.resolve(0));
  }

  /** `REPLACE`: the rows that are in the way are deleted first. */
  async replace(entityName: string, rows: readonly NewRow[]): Promise<WriteOutcome> {
    let deleted = 0;
    const result = await this.insertOr(entityName, rows, async ({ row }) => {
      await this.deleteOne(row);
      deleted += 1;
      return 'again';
    });
    return { ...result, affectedRows: result.affectedRows + deleted };
  }

  /** `UPDATE` of rows that were read: each gets what `change` gives. */
  async update(rows: readonly Row[], change: (row: Row) => NewRow): Promise<WriteOutcome> {
    let changedRows = 0;
    for (const [position, row] of rows.entries()) {
      if (await this.updateOne(row, change(row), position + 1)) changedRows += 1;
    }
    return { insertId: 0, affectedRows: rows.length, changedRows };
  }

  /** `DELETE` of rows that were read, and of what hangs on them. */
  async delete(rows: readonly Row[]): Promise<WriteOutcome> {
    for (const row of rows) await this.deleteOne(row);
    return { insertId: 0, affectedRows: rows.length, changedRows: 0 };
  }

  private async insertOr(entityName: string, rows: readonly NewRow[], onDuplicate: OnDuplicate): Promise<WriteOutcome> {
    const entity = this.entity(entityName);
    const ids = await this.idsOf(entity, rows);
    let affectedRows = 0;
    for (const [position, row] of rows.entries()) {
      let stored = this.newRow(entity, row, ids.of(position), position + 1);
      for (;;) {
        const duplicate = await this.duplicateOf(entity, stored);
        if (duplicate === undefined) {
          await this.put(entity, stored);
          affectedRows += 1;
          break;
        }
        if (duplicate.key === 'PRIMARY' && ids.of(position) !== undefined) {
          // Ids that MySQL gave out after the counter was set: go on behind them.
          await raiseCounter(this.client, this.model, entity, await highestId(this.client, this.model, entity));
          stored = this.newRow(entity, row, await ids.again(position), position + 1);
          continue;
        }
        const values = rowOf({ entity, id: '', stored, version: null });
        const outcome = await onDuplicate(duplicate, values, position + 1);
        if (outcome === 'again') continue;
        affectedRows += outcome;
        break;
      }
    }
    return { insertId: ids.first(), affectedRows, changedRows: 0 };
  }

  /** Ids for the rows that come without; taken before anything is written, and raised above those that come with one. */
  private async idsOf(entity: EntityModel, rows: readonly NewRow[]) {
    const name = idColumn(entity);
    const wanting =
      name === undefined ? [] : rows.map((row) => isNull(row[name]) || Number(numericOf(row[name])) === 0);
    const given = new Map<number, bigint>();
    const count = wanting.filter(Boolean).length;
    if (count > 0) {
      let next = await takeIds(this.client, this.model, entity, count);
      wanting.forEach((wants, position) => {
        if (wants) given.set(position, next++);
      });
    }
    if (name !== undefined && count < rows.length) {
      const own = rows.map((row) => BigInt(Math.trunc(Number(numericOf(row[name]) ?? 0))));
      await raiseCounter(this.client, this.model, entity, own.reduce((most, id) => (id > most ? id : most), 0n)); // prettier-ignore
    }
    return {
      of: (position: number): bigint | undefined => given.get(position),
      again: async (position: number): Promise<bigint> => {
        const id = await takeIds(this.client, this.model, entity, 1);
        given.set(position, id);
        return id;
      },
      first: (): number => Number([...given.values()][0] ?? 0n),
    };
  }

  private newRow(entity: EntityModel, row: NewRow, id: bigint | undefined, rowNumber: number): StoredValues {
    return Object.fromEntries(
      Object.entries(entity.columns).map(([name, column]) => {
        const target = { table: entity.sourceTable, column: name, row: rowNumber };
        if (column.autoIncrement === true && id !== undefined) return [name, id.toString()];
        return [name, name in row ? assign(column, row[name], target) : defaultValue(column, this.now, target)];
      }),
    );
  }
}
