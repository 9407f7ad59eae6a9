import { assign } from './assign.ts';
import { defaultValue } from './defaults.ts';
import { givesId, IdSupply } from './id-supply.ts';
import type { StoredValues } from './key-encoding.ts';
import type { EntityModel } from './model.ts';
import { type Duplicate, type NewRow, RowWriter } from './row-writer.ts';
import { recordOf, rowOf } from './record.ts';
import { duplicateEntry, SqlError } from './sql-error.ts';
import type { Row } from './value.ts';

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
    this.work.upserts = true;
    return this.insertOr(entityName, rows, async ({ row }, values, rowNumber) => {
      await this.waitFor([recordOf(row)]);
      // By the driver's FOUND_ROWS flag a row that stays as it was counts once, a changed one twice.
      return (await this.updateOne(row, change(row, values), rowNumber)) ? 2 : 1;
    });
  }

  /** `INSERT IGNORE`, as far as duplicates and missing parents go. */
  async insertIgnore(entityName: string, rows: readonly NewRow[]): Promise<WriteOutcome> {
    return this.insertOr(entityName, rows, () => Promise.resolve(0), true);
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
    await this.waitFor(rows.map(recordOf));
    let changedRows = 0;
    for (const [position, row] of rows.entries()) {
      if (await this.updateOne(row, change(row), position + 1)) changedRows += 1;
    }
    return { insertId: 0, affectedRows: rows.length, changedRows };
  }

  /** `DELETE` of rows that were read, and of what hangs on them. */
  async delete(rows: readonly Row[]): Promise<WriteOutcome> {
    await this.waitFor(rows.map(recordOf));
    for (const row of rows) await this.deleteOne(row);
    return { insertId: 0, affectedRows: rows.length, changedRows: 0 };
  }

  private async insertOr(
    entityName: string,
    rows: readonly NewRow[],
    onDuplicate: OnDuplicate,
    leavesOrphansOut = false,
  ): Promise<WriteOutcome> {
    const entity = this.entity(entityName);
    const ids = new IdSupply(this.client, this.model, entity, rows);
    let affectedRows = 0;
    for (const [position, row] of rows.entries()) {
      // As in InnoDB, an id is taken only for a row whose values and parents are good.
      try {
        await this.checkParents(entity, this.newRow(entity, row, 0n, position + 1), undefined);
      } catch (error) {
        if (leavesOrphansOut && error instanceof SqlError && error.code === 'ER_NO_REFERENCED_ROW_2') continue;
        throw error;
      }
      const wants = ids.wantedBy(row);
      for (;;) {
        const stored = this.newRow(entity, row, wants ? await ids.next(position) : undefined, position + 1);
        const duplicate = await this.duplicateOf(entity, stored);
        if (duplicate === undefined) {
          this.put(entity, stored);
          ids.used();
          affectedRows += 1;
          break;
        }
        if (duplicate.key === 'PRIMARY' && wants) {
          await ids.passBy();
          continue;
        }
        const values = rowOf({ entity, id: '', stored, version: null });
        const outcome = await onDuplicate(duplicate, values, position + 1);
        if (outcome === 'again') continue;
        if (outcome === 2) ids.updated(duplicate.row);
        affectedRows += outcome;
        break;
      }
    }
    await ids.close(affectedRows > 0);
    return { insertId: ids.insertId, affectedRows, changedRows: 0 };
  }

  private newRow(entity: EntityModel, row: NewRow, id: bigint | undefined, rowNumber: number): StoredValues {
    return Object.fromEntries(
      Object.entries(entity.columns).map(([name, column]) => {
        const target = { table: entity.sourceTable, column: name, row: rowNumber };
        if (column.autoIncrement === true && id !== undefined && !givesId(row[name])) return [name, id.toString()];
        return [name, name in row ? assign(column, row[name], target) : defaultValue(column, this.now, target)];
      }),
    );
  }
}
