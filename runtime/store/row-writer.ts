import { assign } from './assign.ts';
import { getItem } from './calls.ts';
import { guardKeys, keyOf, ownerOf, supportTable, tableOf } from './codec.ts';
import { eq, holds } from './compare.ts';
import { Decimal } from './decimal.ts';
import { currentTimestamp } from './defaults.ts';
import type { StoredValues } from './key-encoding.ts';
import type { ColumnModel, EntityModel, Reference } from './model.ts';
import { bestPath } from './paths.ts';
import { Reader } from './reader.ts';
import { recordId, recordOf, rowOf } from './record.ts';
import { duplicateEntry, noReferencedRow, stillReferenced, storeLimit } from './sql-error.ts';
import type { Taken, TransactionState } from './transaction.ts';
import { fromStored, type Row, textOf, type Value } from './value.ts';

/** Values for some columns of a row. */
export type NewRow = Readonly<Record<string, Value>>;

/** A row that stands where another was to be put, and what MySQL says of it. */
export interface Duplicate {
  readonly row: Row;
  readonly key: string;
  readonly entry: string;
}

/** Rows of one table that refer to a row by one reference. */
interface Children {
  readonly child: EntityModel;
  readonly reference: Reference;
  readonly rows: readonly Row[];
}

/** Why a row is written: the tables of the parents that its change comes from, none for the statement itself. */
interface Cause {
  readonly tables: readonly string[];
}
const STATEMENT: Cause = { tables: [] };

/** Writes of single rows with all that hangs on them: uniqueness, parents and children. */
export abstract class RowWriter extends Reader {
  protected get work(): TransactionState {
    if (this.state === undefined) throw new TypeError('Writes need a transaction.');
    return this.state;
  }

  /**
   * The row that has the primary key or a unique key of these values. `except` is the row that is being changed: unique
   * keys without a column in `changed` are its own already.
   */
  protected async duplicateOf(
    entity: EntityModel,
    stored: StoredValues,
    except?: string,
    changed?: ReadonlySet<string>,
  ): Promise<Duplicate | undefined> {
    const guards = guardKeys(entity, stored).filter(
      ({ unique }) => changed === undefined || unique.columns.some((column) => changed.has(column)),
    );
    const isNew = recordId(this.model, entity, stored) !== except;
    const [same, ...owners] = await Promise.all([
      isNew ? this.rowByKey(entity, stored) : undefined,
      ...guards.map(({ key }) => this.guardOwner(key)),
    ]);
    if (same !== undefined) return { row: same, key: 'PRIMARY', entry: entryText(entity, entity.primaryKey, stored) };
    for (const [position, { unique }] of guards.entries()) {
      const owner = owners[position] ?? null;
      if (owner === null) continue;
      const row = await this.rowOfOwner(entity, unique.columns, stored, owner);
      if (row !== undefined && recordOf(row).id === except) continue;
      const duplicate = { key: unique.name, entry: entryText(entity, unique.columns, stored) };
      if (row !== undefined) return { row, ...duplicate };
      throw duplicateEntry(duplicate.entry, entity.sourceTable, unique.name);
    }
    return undefined;
  }

  private async guardOwner(key: string): Promise<string | null> {
    const pending = this.work.guards.get(key);
    if (pending !== undefined) return pending.owner;
    const { name, pk } = supportTable(this.model);
    const item = await getItem(this.client, name, { [pk.attribute]: { S: key } });
    return item?.['owner']?.S ?? null;
  }

  private async rowOfOwner(
    entity: EntityModel,
    columns: readonly string[],
    stored: StoredValues,
    owner: string,
  ): Promise<Row | undefined> {
    const [only, ...more] = entity.primaryKey;
    if (only !== undefined && more.length === 0) {
      const column = entity.columns[only];
      return this.rowByKey(entity, { [only]: column?.type === 'B' ? Buffer.from(owner, 'hex') : owner });
    }
    return (await this.rowsBy(entity, columns, valuesOf(entity, columns, stored)))[0];
  }

  private async rowByKey(entity: EntityModel, stored: StoredValues): Promise<Row | undefined> {
    return (await this.find(entity.sourceTable, { equal: valuesOf(entity, entity.primaryKey, stored) }))[0];
  }

  /** Rows whose columns equal these values, by whatever index leads to them. */
  private async rowsBy(entity: EntityModel, columns: readonly string[], values: NewRow): Promise<Row[]> {
    const path = bestPath(this.model, entity, new Set(columns));
    if (path === undefined) {
      const message = `No index of ${entity.table} finds ${entity.sourceTable} by ${columns.join(', ')}.`;
      throw storeLimit('STORE_NO_ACCESS_PATH', message);
    }
    const rows = await this.find(entity.sourceTable, {
      ...(path.index === null ? {} : { index: path.index }),
      equal: Object.fromEntries(path.columns.map((column) => [column, values[column]])),
    });
    return rows.filter((row) => columns.every((column) => holds(eq(row[column], values[column]))));
  }

  /** Puts a new row; duplicates and parents have been looked for. */
  protected put(entity: EntityModel, stored: StoredValues): void {
    const owner = ownerOf(entity, stored);
    for (const { unique, key } of guardKeys(entity, stored)) {
      this.work.guard(key, null, owner, takenBy(entity, unique, stored));
    }
    this.work.change(entity, recordId(this.model, entity, stored), null, stored);
  }

  /** Assigns columns of a row; false when it stays as it was. */
  protected async updateOne(row: Row, changes: NewRow, rowNumber: number, cause: Cause = STATEMENT): Promise<boolean> {
    const { entity, id, stored, version } = recordOf(row);
    const next: Record<string, string | Uint8Array | null | undefined> = { ...stored };
    const changed = new Set<string>();
    const set = (name: string, column: ColumnModel, value: string | Uint8Array | null): void => {
      if (!sameStored(column, stored[name] ?? null, value)) changed.add(name);
      next[name] = value;
    };
    for (const [name, value] of Object.entries(changes)) {
      const column = columnOf(entity, name);
      set(name, column, assign(column, value, { table: entity.sourceTable, column: name, row: rowNumber }));
    }
    if (changed.size === 0) return false;
    for (const [name, column] of Object.entries(entity.columns)) {
      if (cause.tables.length > 0 || column.onUpdateCurrentTimestamp !== true || name in changes) continue;
      set(
        name,
        column,
        currentTimestamp(column, this.now, { table: entity.sourceTable, column: name, row: rowNumber }),
      );
    }
    const duplicate = await this.duplicateOf(entity, next, id, changed);
    if (duplicate !== undefined) throw duplicateEntry(duplicate.entry, entity.sourceTable, duplicate.key);
    await this.checkParents(entity, next, changed);
    const children = await this.childrenOf(row, changed);
    refuseChildren(children, cause, entity, (child) => this.named(child));
    this.moveGuards(entity, stored, next);
    const before = version === null ? null : { stored, version };
    const newId = recordId(this.model, entity, next);
    if (newId !== id) this.work.change(entity, id, before, null);
    this.work.change(entity, newId, newId === id ? before : null, next);
    await this.carryOn(children, { ...cause, tables: [...cause.tables, entity.sourceTable] }, (name) => valueOf(entity, name, next)); // prettier-ignore
    return true;
  }

  protected async deleteOne(row: Row): Promise<void> {
    const { entity, id, stored, version } = recordOf(row);
    if (this.work.pending(id) === null) return;
    const children = await this.childrenOf(row, undefined);
    const restricting = children.find(({ reference }) => reference.onDelete === 'RESTRICT');
    if (restricting !== undefined) {
      throw stillReferenced({ ...restricting.reference, child: this.named(restricting.child) });
    }
    this.moveGuards(entity, stored, null);
    this.work.change(entity, id, version === null ? null : { stored, version }, null);
    await this.carryOn(children, { tables: [entity.sourceTable] });
  }

  private moveGuards(entity: EntityModel, before: StoredValues, after: StoredValues | null): void {
    const [oldOwner, newOwner] = [ownerOf(entity, before), after === null ? null : ownerOf(entity, after)];
    const kept = new Map(after === null ? [] : guardKeys(entity, after).map(({ unique, key }) => [key, unique]));
    const had = new Map(guardKeys(entity, before).map(({ unique, key }) => [key, unique]));
    for (const [key, unique] of had) {
      if (!kept.has(key)) this.work.guard(key, oldOwner, null, takenBy(entity, unique, before));
    }
    for (const [key, unique] of kept) {
      this.work.guard(key, had.has(key) ? oldOwner : null, newOwner, takenBy(entity, unique, after ?? before));
    }
  }

  /** Parents must exist, now and at commit. Only references with a changed column are looked at, if any are named. */
  protected async checkParents(entity: EntityModel, stored: StoredValues, changed: ReadonlySet<string> | undefined) {
    for (const reference of entity.references) {
      if (changed !== undefined && !reference.columns.some((column) => changed.has(column))) continue;
      if (reference.columns.some((column) => (stored[column] ?? null) === null)) continue;
      const parent = this.entity(reference.target);
      const own = valuesOf(entity, reference.columns, stored);
      const wanted = Object.fromEntries(
        reference.targetColumns.map((name, at) => [name, own[reference.columns[at] ?? '']]),
      );
      if (parent === entity && reference.targetColumns.every((name) => holds(eq(valueOf(entity, name, stored), wanted[name])))) continue; // prettier-ignore
      const [found] = await this.rowsBy(parent, reference.targetColumns, wanted);
      if (found === undefined) throw noReferencedRow({ ...reference, child: this.named(entity) });
      const record = recordOf(found);
      if (record.version === null) continue;
      const key = keyOf(this.model, parent, record.stored);
      this.work.check(record.id, { table: tableOf(this.model, parent).name, key, version: null });
    }
  }

  /** The rows that refer to a row, by reference: all references when it goes, else those to a changed column. */
  private async childrenOf(row: Row, changed: ReadonlySet<string> | undefined): Promise<Children[]> {
    const { entity, id } = recordOf(row);
    const found: Children[] = [];
    for (const child of Object.values(this.model.entities)) {
      for (const reference of child.references.filter(({ target }) => target === entity.sourceTable)) {
        if (changed !== undefined && !reference.targetColumns.some((column) => changed.has(column))) continue;
        const wanted = Object.fromEntries(
          reference.columns.map((name, at) => [name, row[reference.targetColumns[at] ?? '']]),
        );
        const rows = (await this.rowsBy(child, reference.columns, wanted)).filter((each) => {
          // A row that goes may refer to itself; one whose key changes may not.
          return changed !== undefined || recordOf(each).id !== id;
        });
        if (rows.length > 0) found.push({ child, reference, rows });
      }
    }
    return found;
  }

  /** Does to the children what ON DELETE, or ON UPDATE where `value` gives the parent's new columns, says. */
  private async carryOn(all: readonly Children[], cause: Cause, value?: (name: string) => Value): Promise<void> {
    for (const { reference, rows } of all) {
      const action = value === undefined ? reference.onDelete : reference.onUpdate;
      const change = Object.fromEntries(
        reference.columns.map((column, at) => {
          const target = reference.targetColumns[at] ?? '';
          return [column, action === 'CASCADE' && value !== undefined ? value(target) : null];
        }),
      );
      for (const each of rows) {
        if (action === 'CASCADE' && value === undefined) await this.deleteOne(each);
        else if (this.work.pending(recordOf(each).id) !== null)
          await this.updateOne(this.latest(each), change, 1, cause);
      }
    }
  }

  /** A row as this transaction has left it since it was read. */
  private latest(row: Row): Row {
    const record = recordOf(row);
    const pending = this.work.pending(record.id);
    return pending ? rowOf({ ...record, stored: pending }) : row;
  }

  /** How MySQL names a table in the words of a refused reference. */
  private named(entity: EntityModel): string {
    const database = this.model.database;
    return database === undefined ? entity.sourceTable : `${database}\`.\`${entity.sourceTable}`;
  }
}

/** Throws where a parent's key must stay; InnoDB also refuses a change that comes back to a table it came through. */
function refuseChildren(
  all: readonly Children[],
  cause: Cause,
  entity: EntityModel,
  named: (child: EntityModel) => string,
): void {
  for (const { child, reference } of all) {
    const circle = child === entity || cause.tables.includes(child.sourceTable);
    if (circle || reference.onUpdate === undefined) throw stillReferenced({ ...reference, child: named(child) });
  }
}

function columnOf(entity: EntityModel, name: string): ColumnModel {
  const column = entity.columns[name];
  if (column === undefined) throw new RangeError(`${entity.sourceTable} has no column ${name}.`);
  return column;
}

function valueOf(entity: EntityModel, name: string, stored: StoredValues): Value {
  return fromStored(columnOf(entity, name), stored[name] ?? null);
}

function valuesOf(entity: EntityModel, columns: readonly string[], stored: StoredValues): NewRow {
  return Object.fromEntries(columns.map((name) => [name, valueOf(entity, name, stored)]));
}

function takenBy(entity: EntityModel, unique: EntityModel['uniques'][number], stored: StoredValues): Taken {
  return { entry: entryText(entity, unique.columns, stored), table: entity.sourceTable, key: unique.name };
}

export function entryText(entity: EntityModel, columns: readonly string[], stored: StoredValues): string {
  return columns.map((name) => shown(valueOf(entity, name, stored))).join('-');
}

/** A value in the words of an error: bytes that are no letters as `\\x00`. */
function shown(value: Value): string {
  if (!(value instanceof Uint8Array)) return textOf(value) ?? 'NULL';
  const letter = (byte: number): string =>
    byte >= 32 && byte < 127 ? String.fromCharCode(byte) : `\\x${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  return [...value].map(letter).join('');
}

function sameStored(column: ColumnModel, a: string | Uint8Array | null, b: string | Uint8Array | null): boolean {
  if (a === null || b === null) return a === b;
  if (typeof a !== 'string' || typeof b !== 'string') return Buffer.compare(Buffer.from(a), Buffer.from(b)) === 0;
  return column.type === 'N' && a !== b ? Decimal.parse(a).compare(Decimal.parse(b)) === 0 : a === b;
}
