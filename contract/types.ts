/**
 * `migrationContract.json`: the one machine-checked source of stages 4 to 7. Field names follow the publicly
 * known form of this file; what is added to it is marked NEW. The JSON Schema beside this file is the authority.
 */
export interface MigrationContract {
  /** NEW */ readonly contractVersion: 1;
  /** NEW */ readonly source_database: string;
  readonly tables: readonly ContractTable[];
  /** NEW Every source column that no attribute maps, with its reason. */
  readonly dropped_columns: readonly {
    readonly source_table: string;
    readonly source_column: string;
    readonly reason: string;
  }[];
  /** NEW How each access pattern is served, or why it is refused. */
  readonly access_patterns: readonly PatternService[];
  /** NEW Columns whose ids MySQL allocates while it writes, and DynamoDB afterwards. */
  readonly id_allocation: readonly { readonly source_table: string; readonly source_column: string }[];
}

export interface ContractTable {
  /** Name without the target's prefix. */
  readonly table: string;
  /** `support` (NEW): no source rows; holds uniqueness guards and id counters. */
  readonly type: 'single-entity' | 'multi-entity' | 'support';
  /** Of single-entity tables: the source table; null for the others. */
  readonly source_table: string | null;
  readonly pk: KeyAttribute;
  readonly sk: KeyAttribute | null;
  readonly gsis: readonly GlobalIndex[];
  readonly entities: readonly ContractEntity[];
  readonly satisfies: readonly string[];
  readonly estimated_item_size_bytes: number;
  /** NEW Where the size comes from; absent means that nobody said. */
  readonly size_provenance?: 'measured' | 'stated' | 'assumed';
  /** NEW Attribute that holds epoch seconds, when items expire. */
  readonly ttl_attribute?: string;
  /** NEW Why this table, this key, these indexes. */
  readonly rationale: string;
}

export interface KeyAttribute {
  readonly name: string;
  readonly type: 'S' | 'N' | 'B';
}

export interface GlobalIndex {
  readonly index_name: string;
  readonly pk: KeyAttribute;
  readonly sk: KeyAttribute | null;
  readonly projection: 'ALL' | 'KEYS_ONLY' | 'INCLUDE';
  readonly projected_attributes: readonly string[];
  readonly rationale: string;
}

/**
 * One kind of item. Single-entity tables have exactly one. Key templates are the key: see {@link KeyTemplate}.
 */
export interface ContractEntity {
  readonly entity_type: string;
  readonly source_table: string;
  /** NEW Columns that name one row of the source table, in key order; the key templates use all of them. */
  readonly primary_key: readonly string[];
  readonly pk_template: KeyTemplate;
  readonly sk_template: KeyTemplate | null;
  /** NEW Templates of the index keys of this entity; an index that is not named does not hold the entity. */
  readonly index_templates: Readonly<Record<string, { readonly pk: KeyTemplate; readonly sk: KeyTemplate | null }>>;
  readonly attributes: readonly ContractAttribute[];
  /** NEW Unique keys of the source other than the primary one, kept by guard items in the support table. */
  readonly uniques: readonly {
    readonly name: string;
    readonly columns: readonly string[];
    readonly guard_template: KeyTemplate;
  }[];
  /** NEW Foreign keys to keep. */
  readonly references: readonly ContractReference[];
  /**
   * NEW Spreads one partition over several: the partition key gets `#0` to `#<count - 1>` at its end, by a hash of the
   * columns. For keys that are hotter than one partition serves.
   */
  readonly pk_shards?: { readonly columns: readonly string[]; readonly count: number };
  /** NEW Which source rows become items: an SQL condition over the source table; absent means all. */
  readonly row_filter?: string;
}

/**
 * Text with placeholders. `{column}` alone, nothing else: the key has the column's own native type and encoding.
 * Otherwise the key is a string and each placeholder is encoded so that byte order is value order:
 * `{column}` (numbers offset and zero-padded, dates canonical, strings with `#`, `%`, `~` percent-escaped, binary
 * as hex, NULL as `~`), or `{column:fold}` (strings folded as their collation compares: case, accents, padding), or
 * `{column:year}`, `:month`, `:day`, `:hour` (dates and times cut there, such as `2026-11`: buckets that sort by time).
 */
export type KeyTemplate = string;

export interface ContractAttribute {
  readonly name: string;
  readonly type: 'S' | 'N' | 'B' | 'SS' | 'NS' | 'BS' | 'M' | 'L' | 'BOOL' | 'NULL';
  readonly source_table: string;
  readonly source_column: string | readonly string[];
  /** NEW The MySQL type and rules that the value came with; what reads it back needs no MySQL. */
  readonly source_type: SourceType;
  readonly join?: ContractJoin;
  readonly calculation?: ContractCalculation;
  readonly transformation?: ContractTransformation;
  readonly denormalized?: boolean;
  readonly justification?: string;
  /** NEW Personal data class, when the column looks like it. */
  readonly pii?: string;
  /** NEW How the column's values are written; absent means `canonical`, the table of `docs/value-encoding.md`. */
  readonly encoding?: ValueEncoding;
  /** NEW What SQL's NULL becomes: no attribute at all (`absent`, the default), or DynamoDB's NULL. */
  readonly null_as?: 'absent' | 'NULL';
  /** NEW What `0000-00-00` becomes: its text (the default), NULL, or an error that names the row. */
  readonly zero_date?: 'text' | 'null' | 'refuse';
}

/**
 * NEW `text`: numbers and bits as their exact text. `set`: MySQL's SET as SS. `document`: JSON as M or L. `boolean`:
 * TINYINT and BIT as BOOL. `epoch-seconds`: dates and times as N, in UTC, as a TTL needs them.
 */
export type ValueEncoding = 'canonical' | 'text' | 'set' | 'document' | 'boolean' | 'epoch-seconds';

/** NEW */
export interface SourceType {
  /** `DATA_TYPE` of information_schema: `int`, `decimal`, `varchar`, `enum` … */
  readonly data_type: string;
  readonly unsigned: boolean;
  readonly nullable: boolean;
  readonly precision: number | null;
  readonly scale: number | null;
  /** Characters or bytes that the column can hold. */
  readonly length: number | null;
  readonly fractional_seconds: number | null;
  readonly collation: string | null;
  readonly labels?: readonly string[];
  readonly auto_increment: boolean;
  /** Literal default as MySQL prints it; `CURRENT_TIMESTAMP(n)` for the current time; null for none or NULL. */
  readonly default: string | null;
  readonly on_update_current_timestamp: boolean;
}

export interface ContractReference {
  readonly name: string;
  readonly columns: readonly string[];
  readonly target_table: string;
  readonly target_columns: readonly string[];
  readonly on_delete: ReferentialAction;
  /** What a change of the columns referred to does; absent means RESTRICT. MySQL's NO ACTION is RESTRICT too. */
  readonly on_update?: ReferentialAction;
}

export type ReferentialAction = 'RESTRICT' | 'CASCADE' | 'SET NULL';

export interface PatternService {
  /** `AP-001` */
  readonly id: string;
  readonly status: 'served' | 'refused';
  /** Reads: one entry a table read, in order. Writes: the entities written. */
  readonly served_by: readonly {
    readonly table: string;
    readonly index: string | null;
    readonly operation: 'get' | 'query' | 'batch-get' | 'scan' | 'write';
    /** For scans: how many items may be read at most; more is an error, never a silent cost. */
    readonly budget_items?: number;
  }[];
  readonly reason: string;
  readonly rates: {
    readonly mean: number;
    readonly peak: number;
    readonly provenance: 'measured' | 'stated' | 'assumed';
  };
  /** Capacity units of one execution, computed from item sizes. */
  readonly units: { readonly read: number; readonly write: number };
}

/** One table that a join reads. `join_alias` (NEW) names it in the condition, where its own name would mean two rows. */
export interface JoinHop {
  readonly target_table: string;
  readonly join_alias?: string;
  readonly join_condition: string;
  readonly select_column: string;
}

/**
 * Where the value comes from when it is not in the row itself. In conditions the row is named by its table, what is
 * joined by its alias or its table. Each join reads rows of its own, also when two attributes join one table.
 */
export type ContractJoin =
  | {
      readonly type: 'self-join';
      readonly join_alias: string;
      readonly join_condition: string;
      readonly select_column: string;
      /** What stands where no row is found; `null` is a real NULL, absent means no attribute. */
      readonly null_value?: string | null;
    }
  | ({ readonly type: 'foreign-key' | 'lookup-table' } & JoinHop)
  | {
      readonly type: 'multi-column';
      readonly target_table: string;
      readonly join_alias?: string;
      /** All of them hold. */
      readonly join_conditions: readonly string[];
      readonly select_column: string;
    }
  | ({ readonly type: 'conditional'; readonly condition: string; readonly else_value: string | null } & JoinHop)
  | {
      readonly type: 'chain';
      /** Each hop starts from the row that the one before found; the last one gives the value. */
      readonly joins: readonly JoinHop[];
      /** Between the values of all hops; absent means that only the last one's is taken. */
      readonly chain_separator?: string;
    }
  | {
      readonly type: 'json-construction';
      readonly target_table: string;
      readonly join_alias?: string;
      readonly join_condition: string;
      readonly construction: {
        /** No row gives the empty list, never a list with an empty element. `set` is NEW: no row gives no attribute. */
        readonly type: 'array' | 'object' | 'set';
        /** Columns by their own names, or expressions by the names that they get. */
        readonly select_columns: readonly string[] | Readonly<Record<string, string>>;
        readonly limit?: number;
        readonly order_by?: string;
      };
    }
  | {
      /** NEW The values along the way from the root of a tree to this row. */
      readonly type: 'path';
      /** Column of the same table that holds the parent's key. */
      readonly parent_column: string;
      readonly key_column: string;
      readonly select_column: string;
      readonly separator: string;
      /** A longer way, or a circle, is an error that names the row. */
      readonly max_depth: number;
    };

export type ContractCalculation =
  | {
      readonly type: 'aggregate';
      readonly target_table: string;
      readonly join_alias?: string;
      readonly join_condition: string;
      readonly operation: 'SUM' | 'COUNT' | 'AVG' | 'MIN' | 'MAX';
      readonly select_column: string;
    }
  | {
      readonly type: 'case';
      readonly cases: readonly { readonly when: string; readonly then: string }[];
      readonly else?: string | null;
    }
  | { readonly type: 'concat'; readonly separator: string }
  | { readonly type: 'date-math'; readonly expression: string }
  /** NEW A map of the row's own columns, which `source_column` lists. */
  | { readonly type: 'object' };

export type ContractTransformation =
  | {
      readonly type: 'date-format' | 'string-format' | 'number-format' | 'json-parse';
      readonly format: string;
      readonly source_format?: string;
    }
  | { readonly type: 'static'; readonly value: string };
