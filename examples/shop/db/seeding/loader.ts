import type { Connection } from 'mysql2/promise';

export type Value = string | number | null | Buffer;

const BATCH = 1000;

/** Collects rows of one table and inserts a thousand of them at a time. */
export class Loader {
  private rows: Value[][] = [];
  count = 0;

  constructor(
    private readonly connection: Connection,
    readonly table: string,
    private readonly columns: string[],
    private readonly parent?: Loader,
  ) {}

  async add(...row: Value[]): Promise<void> {
    this.rows.push(row);
    this.count += 1;
    if (this.rows.length >= BATCH) await this.flush();
  }

  /** Rows that others refer to go first. */
  async flush(): Promise<void> {
    await this.parent?.flush();
    if (this.rows.length === 0) return;
    const rows = this.rows;
    this.rows = [];
    await this.connection.query(`INSERT INTO ${this.table} (${this.columns.join(', ')}) VALUES ?`, [rows]);
  }
}
