/**
 * The tables and items that the DynamoDB implementation works on, as data. Generated from the contract into the
 * application, and built in memory by the loader; both encode through the same code.
 */
export interface StoreModel {
  readonly tables: Readonly<Record<string, TableModel>>;
  readonly entities: Readonly<Record<string, EntityModel>>;
  /** Key of {@link tables} that holds uniqueness guards and id counters. */
  readonly supportTable: string;
  /** Name of the source database, for the words of refused foreign keys. */
  readonly database?: string;
}

export interface TableModel {
  /** Name in DynamoDB, prefix included. */
  readonly name: string;
  readonly pk: KeyModel;
  readonly sk: KeyModel | null;
  readonly indexes: Readonly<
    Record<
      string,
      {
        readonly pk: KeyModel;
        readonly sk: KeyModel | null;
        readonly projection: 'ALL' | 'KEYS_ONLY' | 'INCLUDE';
        readonly projected: readonly string[];
      }
    >
  >;
}

export interface KeyModel {
  readonly attribute: string;
  readonly type: 'S' | 'N' | 'B';
}

/** One kind of item, made from the rows of one source table; named by that table. */
export interface EntityModel {
  readonly sourceTable: string;
  /** Stored as attribute `_type` in tables that hold several kinds. */
  readonly entityType: string;
  /** Key of {@link StoreModel.tables}. */
  readonly table: string;
  readonly primaryKey: readonly string[];
  readonly pk: string;
  readonly sk: string | null;
  /** Key templates by index name; only the indexes that hold this entity. */
  readonly indexes: Readonly<Record<string, { readonly pk: string; readonly sk: string | null }>>;
  /** By source column name. */
  readonly columns: Readonly<Record<string, ColumnModel>>;
  readonly uniques: readonly { readonly name: string; readonly columns: readonly string[]; readonly guard: string }[];
  readonly references: readonly Reference[];
}

/** A foreign key. */
export interface Reference {
  readonly name: string;
  readonly columns: readonly string[];
  readonly target: string;
  readonly targetColumns: readonly string[];
  readonly onDelete: 'RESTRICT' | 'CASCADE' | 'SET NULL';
  /** RESTRICT when absent. */
  readonly onUpdate?: 'CASCADE' | 'SET NULL';
}

export interface ColumnModel {
  /** Attribute name in the item. */
  readonly attribute: string;
  readonly type: 'S' | 'N' | 'B';
  /** MySQL's DATA_TYPE. */
  readonly dataType: string;
  readonly unsigned?: boolean;
  readonly nullable: boolean;
  readonly precision?: number;
  readonly scale?: number;
  readonly length?: number;
  readonly fractionalSeconds?: number;
  readonly collation?: string;
  readonly labels?: readonly string[];
  readonly autoIncrement?: boolean;
  readonly default?: string;
  readonly onUpdateCurrentTimestamp?: boolean;
}
