/** SQL as the compiler works on it: small, without the parser's ways, names still as written. */
export type Expression =
  | { readonly kind: 'column'; readonly table: string | null; readonly column: string }
  | { readonly kind: 'parameter'; readonly index: number }
  | { readonly kind: 'literal'; readonly type: 'integer' | 'decimal' | 'text' | 'bytes'; readonly text: string }
  | { readonly kind: 'literal'; readonly type: 'null' | 'true' | 'false' }
  | { readonly kind: 'operation'; readonly operator: string; readonly operands: readonly Expression[] }
  | { readonly kind: 'call'; readonly name: string; readonly operands: readonly Expression[] }
  | { readonly kind: 'interval'; readonly amount: Expression; readonly unit: string }
  | {
      readonly kind: 'case';
      readonly whens: readonly { readonly when: Expression; readonly then: Expression }[];
      readonly otherwise: Expression | null;
    }
  | {
      readonly kind: 'aggregate';
      readonly name: string;
      /** Null for `COUNT(*)`. */
      readonly operand: Expression | null;
      readonly distinct: boolean;
      readonly separator?: string;
      /** Order of the values within `GROUP_CONCAT`. */
      readonly orderBy?: readonly OrderItem[];
    }
  | {
      readonly kind: 'window';
      /** What is computed for each row: an aggregate over its frame, or a call such as `RANK()`. */
      readonly of: Extract<Expression, { kind: 'aggregate' | 'call' }>;
      readonly partitionBy: readonly Expression[];
      readonly orderBy: readonly OrderItem[];
      readonly frame: Frame | null;
    }
  | { readonly kind: 'list'; readonly items: readonly Expression[] }
  | { readonly kind: 'subquery'; readonly use: 'exists' | 'value'; readonly select: Query }
  /** Only there when the condition, given by its number, holds. */
  | { readonly kind: 'optional'; readonly condition: number; readonly expression: Expression };

/** Rows of a window by their distance from the current one: `ROWS BETWEEN 1 PRECEDING AND CURRENT ROW` is -1 to 0. */
export interface Frame {
  readonly from: number | 'start';
  readonly to: number | 'end';
}

export interface Source {
  readonly alias: string;
  readonly table: string;
  readonly join: 'inner' | 'left' | 'right';
  readonly on: Expression | null;
  /** Columns of `USING (…)`. */
  readonly using?: readonly string[];
  /** The query of a derived table. */
  readonly derived?: Query;
  /** The common table, by its id, that the name stands for. */
  readonly common?: string;
}

/** One table of a WITH clause. */
export interface CommonTable {
  /** Its name, made unique in the statement. */
  readonly id: string;
  readonly name: string;
  readonly columns: readonly string[] | null;
  readonly query: Query;
  readonly recursive: boolean;
}

export interface OrderItem {
  readonly expression: Expression;
  readonly descending: boolean;
}

export type Ordering =
  | { readonly kind: 'fixed'; readonly items: readonly OrderItem[] }
  | {
      readonly kind: 'choice';
      readonly alternatives: readonly { readonly condition: string; readonly items: readonly OrderItem[] }[];
    };

/** What gives rows: a SELECT, or several of them together. */
export type Query = Select | Union;

export interface Union {
  readonly kind: 'union';
  readonly with: readonly CommonTable[];
  readonly first: Select;
  /** In the order in which they are written; without `all`, equal rows of all so far become one. */
  readonly rest: readonly { readonly all: boolean; readonly select: Select }[];
  readonly orderBy: Ordering;
  readonly limit: Select['limit'];
  readonly lock: false;
}

export interface Select {
  readonly kind: 'select';
  readonly with: readonly CommonTable[];
  readonly sources: readonly Source[];
  /** `*` as a column name stands for all columns of its table, or of all. */
  readonly columns: readonly { readonly expression: Expression; readonly name: string | null }[];
  readonly where: Expression | null;
  readonly groupBy: readonly Expression[];
  readonly having: Expression | null;
  readonly orderBy: Ordering;
  readonly limit: { readonly count: Expression; readonly offset: Expression | null } | null;
  readonly distinct: boolean;
  readonly lock: boolean;
}

export interface Assignment {
  readonly column: string;
  readonly value: Expression;
}

export interface Insert {
  readonly kind: 'insert';
  readonly mode: 'insert' | 'ignore' | 'replace';
  readonly table: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Expression[])[] | { readonly parameter: number } | Query;
  readonly onDuplicate: readonly Assignment[] | null;
}

export interface Change {
  readonly kind: 'update' | 'delete';
  readonly source: Source;
  readonly set: readonly Assignment[];
  readonly where: Expression | null;
  readonly orderBy: Ordering;
  readonly limit: Select['limit'];
}

export type Statement = Query | Insert | Change;
