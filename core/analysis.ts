import type { ApplicationAnalysis } from './data-access.ts';
import type { SqlTemplate } from './sql-template.ts';

/** `stage-01/analysis.json`: everything that stage 1 knows, for machines. */
export interface Analysis {
  readonly schemaVersion: 1;
  readonly server: ServerFacts;
  readonly database: string;
  readonly tables: readonly TableFacts[];
  readonly views: readonly ViewFacts[];
  readonly triggers: readonly TriggerFacts[];
  readonly routines: readonly RoutineFacts[];
  readonly events: readonly EventFacts[];
  /** MariaDB's sequences: tables of one row that are not migrated as tables. */
  readonly sequences?: readonly string[];
  /** What the database user may not see, so that the lists above may lack it, and the statement that would show it. */
  readonly hidden?: readonly { readonly objects: string; readonly grant: string }[];
  readonly application: ApplicationAnalysis;
  readonly log?: LogFacts;
  readonly accessPatterns: readonly AccessPattern[];
  readonly contradictions: readonly {
    readonly id: string;
    readonly sources: readonly string[];
    readonly finding: string;
  }[];
  /** Absent when neither the code nor a log has any statement. */
  readonly unused?: UnusedObjects;
  /** Findings on the data itself that modelling must know; never row values. */
  readonly dataFindings: readonly {
    readonly id: string;
    readonly severity: 'stop' | 'warn' | 'info';
    readonly table: string;
    readonly columns: readonly string[];
    readonly count: number;
    readonly finding: string;
  }[];
}

/** Tables that nobody reads and columns that nobody uses, in the code and in the log together, as far as was looked. */
export interface UnusedObjects {
  /** What the lists rest on. Triggers, routines, events and foreign keys of the database itself are not looked at. */
  readonly lookedAt: {
    readonly callSites: number;
    /** Absent when no log was given. */
    readonly logShapes?: number;
    /** Places in the source whose SQL is not known, so that they may use anything. */
    readonly unresolved: number;
    /** Statements beyond the grammar: their tables count as read, and none of their columns is listed. */
    readonly unparsed: number;
  };
  /** `written`: something still writes it. */
  readonly tables: readonly { readonly table: string; readonly written: boolean }[];
  readonly columns: readonly { readonly table: string; readonly column: string }[];
}

export interface ServerFacts {
  readonly version: string;
  readonly flavour: 'mysql' | 'mariadb';
  readonly sqlMode: string;
  readonly timeZone: string;
  readonly lowerCaseTableNames: number;
  /** Defaults of the database, which tables without their own took when they were made. */
  readonly characterSet?: string;
  readonly collation?: string;
}

/** A view; its text is empty where the user may not see it. */
export interface ViewFacts {
  readonly name: string;
  readonly definition: string;
  readonly columns?: readonly { readonly name: string; readonly columnType: string; readonly nullable: boolean }[];
  /** `NONE`, `LOCAL` or `CASCADED`. */
  readonly checkOption?: string;
  readonly updatable?: boolean;
  readonly definer?: string;
  /** `DEFINER` or `INVOKER`. */
  readonly security?: string;
}

export interface TriggerFacts {
  readonly name: string;
  readonly table: string;
  readonly timing: string;
  readonly event: string;
  readonly statement: string;
  /** Place among the triggers of the same table, timing and event. */
  readonly order?: number;
  readonly definer?: string;
  readonly sqlMode?: string;
}

export interface RoutineFacts {
  readonly name: string;
  readonly type: 'PROCEDURE' | 'FUNCTION' | 'PACKAGE' | 'PACKAGE BODY';
  readonly parameters?: readonly { readonly mode: string; readonly name: string; readonly type: string }[];
  /** Type of what a function returns. */
  readonly returns?: string;
  /** Absent where the user may not see it. */
  readonly definition?: string;
  readonly deterministic?: boolean;
  /** `READS SQL DATA`, `MODIFIES SQL DATA` … */
  readonly dataAccess?: string;
  readonly definer?: string;
  readonly security?: string;
  readonly sqlMode?: string;
  readonly comment?: string;
}

export interface EventFacts {
  readonly name: string;
  readonly status: string;
  readonly definition?: string;
  /** `EVERY 1 DAY STARTS …` or `AT …`, in the event's own time zone. */
  readonly schedule?: string;
  readonly timeZone?: string;
  readonly onCompletion?: string;
  readonly definer?: string;
  readonly sqlMode?: string;
  readonly comment?: string;
}

export interface TableFacts {
  readonly name: string;
  readonly engine: string;
  readonly collation: string;
  readonly comment: string;
  readonly columns: readonly ColumnFacts[];
  /** Column names in key order; empty when the table has no primary key. */
  readonly primaryKey: readonly string[];
  readonly indexes: readonly IndexFacts[];
  readonly foreignKeys: readonly ForeignKeyFacts[];
  /** `enforced` is false for a CHECK that the server does not hold rows against. */
  readonly checks: readonly { readonly name: string; readonly clause: string; readonly enforced?: boolean }[];
  readonly partitions: readonly string[];
  readonly partitioning?: PartitioningFacts;
  /** `Dynamic`, `Compressed` … */
  readonly rowFormat?: string;
  /** Options that differ from the engine's defaults, as the server writes them. */
  readonly options?: string;
  /** MariaDB keeps old versions of the rows (`WITH SYSTEM VERSIONING`). */
  readonly systemVersioned?: boolean;
  readonly statistics: TableStatistics;
}

/** How the rows are shared out over partitions. */
export interface PartitioningFacts {
  /** `RANGE`, `LIST`, `HASH`, `KEY`, `RANGE COLUMNS` … */
  readonly method: string;
  readonly expression: string;
  readonly subMethod?: string;
  readonly subExpression?: string;
  readonly parts: readonly {
    readonly name: string;
    readonly subparts: readonly string[];
    /** Upper bound or list of values. */
    readonly description: string;
  }[];
}

export interface ColumnFacts {
  readonly name: string;
  readonly position: number;
  /** `DATA_TYPE`: `bigint`, `varchar`, `enum` … */
  readonly dataType: string;
  /** `COLUMN_TYPE`: `bigint unsigned`, `varchar(120)`, `enum('a','b')` … */
  readonly columnType: string;
  readonly nullable: boolean;
  readonly default: string | null;
  /** The default is an expression (`CURRENT_TIMESTAMP(6)`, `uuid()`), not a literal. */
  readonly defaultIsExpression?: boolean;
  readonly onUpdateCurrentTimestamp: boolean;
  readonly autoIncrement: boolean;
  readonly generated?: { readonly expression: string; readonly stored: boolean };
  readonly characterSet: string | null;
  readonly collation: string | null;
  readonly maxLength: number | null;
  readonly precision: number | null;
  readonly scale: number | null;
  readonly datetimePrecision: number | null;
  readonly comment: string;
  /** Left out by `SELECT *`. */
  readonly invisible?: boolean;
  /** Spatial reference system that the column's geometries must have. */
  readonly spatialReference?: number;
  /** Labels of ENUM and SET in definition order, unescaped. */
  readonly labels?: readonly string[];
  /** Bytes of the column's values that are not NULL as DynamoDB counts them, without the attribute's name, from a sample. */
  readonly valueBytes?: { readonly mean: number; readonly max: number; readonly nullShare: number };
}

export interface IndexFacts {
  readonly name: string;
  readonly unique: boolean;
  readonly type: string;
  readonly parts: readonly {
    readonly column: string | null;
    readonly expression: string | null;
    readonly prefix: number | null;
    readonly descending: boolean;
  }[];
  /** The optimiser does not use it: INVISIBLE in MySQL, IGNORED in MariaDB. */
  readonly invisible?: boolean;
  readonly comment?: string;
}

export interface ForeignKeyFacts {
  readonly name: string;
  readonly columns: readonly string[];
  readonly referencedTable: string;
  readonly referencedColumns: readonly string[];
  readonly onDelete: string;
  readonly onUpdate: string;
  /** The database of the referenced table where that is another one. */
  readonly referencedDatabase?: string;
  /** Rows of this table for one row of the referenced table, over the referenced rows that have any. */
  readonly children?: {
    readonly parents: number;
    readonly p50: number;
    readonly p99: number;
    readonly max: number;
    /** Rows whose reference is not NULL and finds nothing. */
    readonly orphans: number;
  };
}

export interface TableStatistics {
  /** Exact, by COUNT(*) at analysis time. */
  readonly rows: number;
  readonly dataBytes: number;
  readonly indexBytes: number;
  /** Bytes of a row's values as DynamoDB would count them, attribute names not included, from a sample. */
  readonly rowBytes: { readonly p50: number; readonly p99: number; readonly max: number; readonly sampled: number };
  readonly autoIncrement: string | null;
}

export interface LogFacts {
  readonly source: string;
  readonly statements: number;
  readonly unparsed: number;
  readonly firstSeen: string;
  readonly lastSeen: string;
  readonly shapes: readonly LogShape[];
  /** How the numbers came about, where that is not plain: damaged files, counters that were emptied. */
  readonly notes?: readonly string[];
}

/** Statements of the log that are the same but for their values. */
export interface LogShape {
  /** Stable fingerprint of {@link normalisedSql}. */
  readonly fingerprint: string;
  readonly normalisedSql: string;
  readonly kind: 'read' | 'write' | 'other';
  readonly tables: readonly string[];
  /** Columns that the statement compares, `table.column`; the column alone where the text does not tell the table. */
  readonly keyColumns: readonly string[];
  readonly count: number;
  readonly meanPerSecond: number;
  readonly peakPerSecond: number;
  readonly peakPerMinute: number;
  readonly firstSeen: string;
  readonly lastSeen: string;
  /** From counters of the server only the mean is known. */
  readonly latencyMs?: {
    readonly mean: number;
    readonly p50?: number;
    readonly p95?: number;
    readonly p99?: number;
    readonly max?: number;
  };
  readonly rowsSent?: { readonly mean: number; readonly max?: number };
  readonly rowsExamined?: { readonly mean: number; readonly max?: number };
}

export type Provenance = 'measured' | 'stated' | 'assumed';

/** One way in which the application reads or writes its data. */
export interface AccessPattern {
  /** `AP-001` …, numbered by first call site. */
  readonly id: string;
  /** Such as `Read products by category_id`. */
  readonly title: string;
  readonly kind: 'read' | 'write';
  readonly template: SqlTemplate;
  /** Normalised SQL of each variant that the template can produce (all options on first), at most 64. */
  readonly normalisedSql: readonly string[];
  readonly callSites: readonly string[];
  readonly routes: readonly string[];
  readonly transactions: readonly string[];
  /** Real table names, in order of appearance. */
  readonly tables: readonly string[];
  /** Predicates that relate a column to a value or to another column. */
  readonly predicates: readonly Predicate[];
  readonly orderBy: readonly { readonly table: string; readonly column: string; readonly descending: boolean }[];
  readonly limited: boolean;
  readonly aggregates: boolean;
  readonly rates: { readonly mean: number; readonly peak: number; readonly provenance: Provenance | 'unknown' };
  /** Whether the log has it; `no log` when none was given. */
  readonly seen: 'code and log' | 'only in code' | 'only in log' | 'no log';
}

export interface Predicate {
  readonly table: string;
  readonly column: string;
  readonly operator: '=' | 'in' | 'range' | 'like-prefix' | 'like' | 'is-null' | 'other';
  /** `value`: parameter or literal; `column`: equality with another table's column (a join). */
  readonly with: 'value' | { readonly table: string; readonly column: string };
  /** False when the predicate is in an optional part of the template or below an OR. */
  readonly always: boolean;
}
