import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { isNull } from './compare.ts';
import { highestId, idColumn, raiseCounter, takeIds } from './ids.ts';
import type { EntityModel, StoreModel } from './model.ts';
import { decimalOf, numericOf, type Row, type Value } from './value.ts';

/** Whether a value for an AUTO_INCREMENT column is an id of its own: neither NULL nor 0. */
export function givesId(value: Value): boolean {
  return !isNull(value) && Number(numericOf(value)) !== 0;
}

/**
 * The ids of one INSERT: taken all at once, when the first good row wants one; the id of a row that finds its key taken
 * goes to the next row.
 */
export class IdSupply {
  /** What the driver is told: the first new id, or else the id of a row that was updated instead. */
  insertId = 0;
  private readonly client: DynamoDBClient;
  private readonly model: StoreModel;
  private readonly entity: EntityModel;
  private readonly rows: readonly Row[];
  private readonly column: string | undefined;
  private available: bigint[] = [];
  private current: bigint | undefined;
  private inserted = false;

  constructor(client: DynamoDBClient, model: StoreModel, entity: EntityModel, rows: readonly Row[]) {
    this.client = client;
    this.model = model;
    this.entity = entity;
    this.rows = rows;
    this.column = idColumn(entity);
  }

  wantedBy(row: Row): boolean {
    return this.column !== undefined && !givesId(row[this.column]);
  }

  /** The id for the row at this position; asked twice without {@link used} it is the same. */
  async next(position: number): Promise<bigint> {
    if (this.current !== undefined) return this.current;
    if (this.available.length === 0) {
      const count = this.rows.slice(position).filter((row) => this.wantedBy(row)).length;
      const first = await takeIds(this.client, this.model, this.entity, count);
      this.available = Array.from({ length: count }, (_, at) => first + BigInt(at));
    }
    this.current = this.available.shift();
    return this.current ?? 0n;
  }

  /** The current id has become a row's. */
  used(): void {
    if (this.current !== undefined && !this.inserted) {
      this.insertId = Number(this.current);
      this.inserted = true;
    }
    this.current = undefined;
  }

  /** A row was updated in the place of an insert. */
  updated(row: Row): void {
    const id = this.column === undefined ? null : decimalOf(row[this.column]);
    if (id !== null && !this.inserted) this.insertId = id.toNumber();
  }

  /** The current id is in use: MySQL gave it out after the counter was set. Goes on behind the highest one. */
  async passBy(): Promise<void> {
    await raiseCounter(this.client, this.model, this.entity, await highestId(this.client, this.model, this.entity));
    this.current = undefined;
    this.available = [];
  }

  /** Raises the counter above ids that came with their rows; `inserted` says that at least one of the rows went in. */
  async close(inserted: boolean): Promise<void> {
    const { column } = this;
    if (column === undefined) return;
    // Where no id was given out, MySQL tells the one that the last row brought.
    const brought = this.rows.at(-1)?.[column];
    if (inserted && this.insertId === 0 && givesId(brought)) this.insertId = decimalOf(brought)?.toNumber() ?? 0;
    const own = this.rows
      .filter((row) => givesId(row[column]))
      .map((row) => decimalOf(row[column])?.round(0).units ?? 0n);
    const highest = own.reduce((most, id) => (id > most ? id : most), 0n);
    if (highest > 0n) await raiseCounter(this.client, this.model, this.entity, highest);
  }
}
