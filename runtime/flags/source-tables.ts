/** What the outbox must know of the source's tables; generated into the application as `flags/tables.ts`. */
export interface SourceTables {
  readonly [table: string]: SourceTable;
}

export interface SourceTable {
  /** False for tables that are only on the way of a cascade: their own rows are not carried over. */
  readonly migrated: boolean;
  /** The columns that the item's key is made of; they name one row. */
  readonly key: readonly SourceColumn[];
  /** Columns of unique keys other than the primary one: what guards are made of. */
  readonly unique: readonly SourceColumn[];
  /** Only rows under this SQL condition have items. */
  readonly filter?: string;
  /** Foreign keys of other tables (or this one) into this table, by which its changes change their rows. */
  readonly referencedBy: readonly InboundReference[];
}

export interface SourceColumn {
  readonly column: string;
  /** How its value travels in the outbox: as MySQL prints it, as hex digits, or as a number (BIT). */
  readonly form: 'text' | 'hex' | 'bits';
}

export interface InboundReference {
  readonly table: string;
  readonly columns: readonly string[];
  /** Columns of this table that `columns` refer to, in the same order. */
  readonly targetColumns: readonly string[];
  readonly onDelete: ReferenceAction;
  readonly onUpdate: ReferenceAction;
}

export type ReferenceAction = 'RESTRICT' | 'CASCADE' | 'SET NULL';
