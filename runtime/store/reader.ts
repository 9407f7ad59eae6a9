import type { DynamoDBClient, QueryCommandInput } from '@aws-sdk/client-dynamodb';
import { batchGet, getItem, queryAll, scanAll } from './calls.ts';
import { type Item, keyOf, sharesTable, tableOf, TYPE } from './codec.ts';
import { LockWaited } from './locks.ts';
import { keyCondition, type Range } from './key-condition.ts';
import type { StoredValues } from './key-encoding.ts';
import { lookupForm } from './lookup.ts';
import type { EntityModel, StoreModel } from './model.ts';
import { Moment } from './moment.ts';
import { matches, sortedByKey } from './own-writes.ts';
import { type Path, pathOf } from './paths.ts';
import { itemId, recordOf, rowOf, rowOfItem, type StoredRecord } from './record.ts';
import type { TransactionState } from './transaction.ts';
import type { Row, Value } from './value.ts';

export interface Find {
  /** Index to read, the table itself when absent. */
  readonly index?: string;
  /** Values of the columns that the keys are made of; NULL finds nothing, except in `nulls`. */
  readonly equal: Readonly<Record<string, Value>>;
  /** Columns that are looked for by `IS NULL`. */
  readonly nulls?: readonly string[];
  readonly range?: Range;
  readonly backwards?: boolean;
  readonly limit?: number;
}

const PARALLEL = 16;

/** Reads of one statement: at one moment (`NOW()`), and seeing what its own transaction has written. */
export class Reader {
  readonly now: Date;
  protected readonly client: DynamoDBClient;
  protected readonly model: StoreModel;
  protected readonly state: TransactionState | undefined;

  constructor(client: DynamoDBClient, model: StoreModel, state?: TransactionState) {
    this.client = client;
    this.model = model;
    this.state = state;
    this.now = new Date();
  }

  /** The statement's time with so many digits of a second. */
  moment(digits = 0): Moment {
    return Moment.fromDate(this.now, digits);
  }

  /** Today's date. */
  today(): Moment {
    return new Moment('date', this.moment().date);
  }

  /** The rows of one key, or of one range of a key, in the order of the sort key. */
  async find(entityName: string, find: Find): Promise<Row[]> {
    const entity = this.entity(entityName);
    const known = storedOf(entity, find.equal, find.nulls ?? []);
    if (known === undefined || find.limit === 0) return [];
    const path = pathOf(this.model, entity, find.index ?? null, Object.keys(known));
    return path.single ? this.one(entity, known) : this.query(entity, path, known, find);
  }

  /** For each of many lookups, its rows. Equal lookups are read once; whole primary keys in batches. */
  async findEach(entityName: string, finds: readonly Find[]): Promise<Row[][]> {
    const entity = this.entity(entityName);
    const ids = finds.map((find) => this.lookupId(entity, find));
    const open = new Map(finds.map((find, position) => [ids[position] ?? '', find]));
    const found = new Map<string, Row[]>();
    const singles = await this.batch(entity, [...open]);
    for (const [id, rows] of singles) found.set(id, rows);
    const queries = [...open].filter(([id]) => !found.has(id));
    for (let start = 0; start < queries.length; start += PARALLEL) {
      const part = queries.slice(start, start + PARALLEL);
      const answers = await Promise.all(part.map(([, find]) => this.find(entityName, find)));
      part.forEach(([id], position) => found.set(id, answers[position] ?? []));
    }
    return ids.map((id) => found.get(id) ?? []);
  }

  /** The rows of many lookups together, each row once: `IN` lists. */
  async findAny(entityName: string, finds: readonly Find[]): Promise<Row[]> {
    const rows = (await this.findEach(entityName, finds)).flat();
    return [...new Map(rows.map((row) => [recordOf(row).id, row])).values()];
  }

  /** All rows of an entity, if its table has no more items than the budget. */
  async scan(entityName: string, budget: number): Promise<Row[]> {
    const entity = this.entity(entityName);
    const items = await scanAll(this.client, tableOf(this.model, entity).name, budget);
    const rows = items.filter((item) => this.isOf(entity, item)).map((item) => rowOfItem(this.model, entity, item));
    return this.overlaid(entity, rows, () => true);
  }

  /**
   * Makes the transaction rest on rows as they are now: `FOR UPDATE`, `FOR SHARE`. Throws {@link LockWaited} when
   * another transaction of this process had them: they must be read again.
   */
  async lock(rows: readonly Row[]): Promise<void> {
    const { state } = this;
    if (state === undefined) return;
    const found = rows.filter((row) => Object.keys(row).length > 0).map(recordOf);
    await this.waitFor(found);
    for (const { entity, id, stored, version } of found) {
      if (version === null) continue;
      state.check(id, { table: tableOf(this.model, entity).name, key: keyOf(this.model, entity, stored), version });
    }
  }

  /** Takes the locks of rows, always in one order, so that two transactions seldom wait for each other in a circle. */
  protected async waitFor(records: readonly StoredRecord[]): Promise<void> {
    const { state } = this;
    if (state === undefined) return;
    let waited = false;
    for (const id of records.map((record) => record.id).sort()) {
      if (await state.locks.acquire(state, id)) waited = true;
    }
    if (waited) throw new LockWaited();
  }

  protected entity(name: string): EntityModel {
    const entity = this.model.entities[name];
    if (entity === undefined) throw new RangeError(`The model has no entity ${name}.`);
    return entity;
  }

  private isOf(entity: EntityModel, item: Item): boolean {
    return !sharesTable(this.model, entity) || item[TYPE]?.S === entity.entityType;
  }

  private async one(entity: EntityModel, known: StoredValues): Promise<Row[]> {
    const key = keyOf(this.model, entity, known);
    const table = tableOf(this.model, entity);
    const pending = this.pendingRow(entity, itemId(table.name, key));
    if (pending !== undefined) return pending;
    const item = await getItem(this.client, table.name, key);
    return item === undefined ? [] : [rowOfItem(this.model, entity, item)];
  }

  private pendingRow(entity: EntityModel, id: string): Row[] | undefined {
    const change = this.state?.changes.get(id);
    if (change === undefined) return undefined;
    if (change.after === null) return [];
    return [rowOf({ entity, id, stored: change.after, version: change.before?.version ?? null })];
  }

  private async batch(entity: EntityModel, open: readonly (readonly [string, Find])[]): Promise<Map<string, Row[]>> {
    const found = new Map<string, Row[]>();
    const keys = new Map<string, { key: Item; ids: string[] }>();
    const table = tableOf(this.model, entity).name;
    for (const [id, find] of open) {
      const known = storedOf(entity, find.equal, find.nulls ?? []);
      if (known === undefined) {
        found.set(id, []);
      } else if (pathOf(this.model, entity, find.index ?? null, Object.keys(known)).single) {
        const key = keyOf(this.model, entity, known);
        const pending = this.pendingRow(entity, itemId(table, key));
        found.set(id, pending ?? []);
        if (pending === undefined) {
          const same = keys.get(itemId(table, key));
          keys.set(itemId(table, key), { key, ids: [...(same?.ids ?? []), id] });
        }
      }
    }
    const items = await batchGet(this.client, table, [...keys.values()].map(({ key }) => key)); // prettier-ignore
    for (const item of items) {
      const row = rowOfItem(this.model, entity, item);
      for (const id of keys.get(recordOf(row).id)?.ids ?? []) found.set(id, [row]);
    }
    return found;
  }

  private lookupId(entity: EntityModel, find: Find): string {
    const known = storedOf(entity, find.equal, find.nulls ?? []);
    if (known === undefined) return 'nothing';
    const values = Object.keys(known)
      .sort()
      .map((name) => {
        const value = known[name] ?? null;
        return [
          name,
          value === null || typeof value === 'string' ? value : { hex: Buffer.from(value).toString('hex') },
        ];
      });
    return JSON.stringify(values);
  }

  private async query(entity: EntityModel, path: Path, known: StoredValues, find: Find): Promise<Row[]> {
    const table = tableOf(this.model, entity);
    const keys = path.index === null ? table : (table.indexes[path.index] ?? table);
    const condition = keyCondition(entity, path, keys, known, find.range);
    if (condition === null) return [];
    const request: QueryCommandInput = {
      TableName: table.name,
      ...(path.index === null ? { ConsistentRead: true } : { IndexName: path.index }),
      ...condition,
      ScanIndexForward: find.backwards !== true,
    };
    const mixed = this.state?.touches(entity) === true;
    const items = await queryAll(this.client, request, mixed ? undefined : find.limit);
    const rows = items.filter((item) => this.isOf(entity, item)).map((item) => rowOfItem(this.model, entity, item));
    if (!mixed) return rows;
    const own = (record: StoredRecord): boolean => matches(entity, path, known, record.stored);
    const all = sortedByKey(entity, path, this.overlaid(entity, rows, own), find.backwards === true);
    return find.limit === undefined ? all : all.slice(0, find.limit);
  }

  private overlaid(entity: EntityModel, rows: readonly Row[], own: (record: StoredRecord) => boolean): Row[] {
    const state = this.state;
    if (state === undefined || !state.touches(entity)) return [...rows];
    const untouched = rows.filter((row) => state.pending(recordOf(row).id) === undefined);
    return [...untouched, ...state.written(entity).filter(own).map(rowOf)];
  }
}

/** Stored forms of looked-up values; undefined when one of them can match nothing. */
function storedOf(entity: EntityModel, equal: Find['equal'], nulls: readonly string[]): StoredValues | undefined {
  const stored: Record<string, string | Uint8Array | null> = {};
  for (const [name, value] of Object.entries(equal)) {
    const column = entity.columns[name];
    if (column === undefined) throw new RangeError(`${entity.sourceTable} has no column ${name}.`);
    const form = lookupForm(column, value);
    if (form === undefined) return undefined;
    stored[name] = form;
  }
  for (const name of nulls) stored[name] = null;
  return stored;
}
