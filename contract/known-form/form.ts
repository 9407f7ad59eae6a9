import type { ContractAttribute, ContractCalculation, ContractTransformation } from '../types.ts';

/**
 * The publicly known form of `migrationContract.json`, as loosely as it is written in the wild: names in place of
 * key definitions, attributes beside the table, everything that is not needed left out.
 */
export interface KnownContract {
  readonly tables: readonly KnownTable[];
}

export interface KnownTable {
  readonly table: string;
  readonly type: 'single-entity' | 'multi-entity';
  readonly source_table?: string | null;
  /** Name of an attribute, or several joined by `#`. */
  readonly pk?: string;
  readonly sk?: string | null;
  readonly gsis?: readonly KnownIndex[];
  readonly entities?: readonly KnownEntity[];
  readonly attributes?: readonly KnownAttribute[];
  readonly satisfies?: readonly string[];
  readonly estimated_item_size_bytes?: number;
}

export interface KnownIndex {
  readonly index_name: string;
  readonly pk: string;
  readonly sk?: string | null;
  readonly projection?: 'ALL' | 'KEYS_ONLY' | 'INCLUDE';
  readonly projected_attributes?: readonly string[];
}

export interface KnownEntity {
  readonly entity_type: string;
  readonly source_table: string;
  readonly pk_template: string;
  readonly sk_template?: string | null;
  readonly attributes: readonly KnownAttribute[];
}

export interface KnownAttribute {
  readonly name: string;
  readonly type: ContractAttribute['type'];
  readonly source_table: string;
  readonly source_column: string | readonly string[];
  readonly join?: Readonly<Record<string, unknown>>;
  readonly calculation?: Readonly<Record<string, unknown>>;
  readonly transformation?: Readonly<Record<string, unknown>>;
  readonly denormalized?: boolean;
  readonly justification?: string;
}

/** One thing that the known form left out or said wrong, and what was made of it. */
export interface Repair {
  /** JSON pointer into the known form. */
  readonly at: string;
  readonly was: string;
  readonly became: string;
  readonly why: string;
}

/** Fields of the known form, object by object; whatever else stands there is reported and left out. */
export const FIELDS = {
  root: ['tables'],
  table: [
    ...['table', 'type', 'source_table', 'pk', 'sk', 'gsis', 'entities', 'attributes', 'satisfies'],
    'estimated_item_size_bytes',
  ],
  index: ['index_name', 'pk', 'sk', 'projection', 'projected_attributes'],
  entity: ['entity_type', 'source_table', 'pk_template', 'sk_template', 'attributes'],
  attribute: [
    ...['name', 'type', 'source_table', 'source_column', 'join', 'calculation', 'transformation', 'denormalized'],
    'justification',
  ],
} as const;

/** Fields of each kind of join; `joins` and `construction` have their own below. */
export const JOIN_FIELDS: Readonly<Record<string, readonly string[]>> = {
  'self-join': ['type', 'join_alias', 'join_condition', 'select_column', 'null_value'],
  'foreign-key': ['type', 'target_table', 'join_condition', 'select_column'],
  'lookup-table': ['type', 'target_table', 'join_condition', 'select_column'],
  'multi-column': ['type', 'target_table', 'join_conditions', 'select_column'],
  conditional: ['type', 'condition', 'target_table', 'join_condition', 'select_column', 'else_value'],
  chain: ['type', 'joins', 'chain_separator'],
  'json-construction': ['type', 'target_table', 'join_condition', 'construction'],
};

/** Fields of one hop of a chain, and of what a construction selects. */
export const HOP_FIELDS = ['target_table', 'join_condition', 'select_column'] as const;
export const CONSTRUCTION_FIELDS = ['type', 'select_columns', 'limit', 'order_by'] as const;

/** Fields of each kind of calculation. */
export const CALCULATION_FIELDS: Readonly<Record<Exclude<ContractCalculation['type'], 'object'>, readonly string[]>> = {
  aggregate: ['type', 'target_table', 'join_condition', 'operation', 'select_column'],
  case: ['type', 'cases', 'else'],
  concat: ['type', 'separator'],
  'date-math': ['type', 'expression'],
};

/** Fields of each kind of transformation. */
export const TRANSFORMATION_FIELDS: Readonly<Record<ContractTransformation['type'], readonly string[]>> = {
  'date-format': ['type', 'format', 'source_format'],
  'string-format': ['type', 'format', 'source_format'],
  'number-format': ['type', 'format', 'source_format'],
  'json-parse': ['type', 'format', 'source_format'],
  static: ['type', 'value'],
};

/** A value as a report quotes it. */
export function quoted(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value);
  return text.length > 120 ? `${text.slice(0, 117)}…` : text;
}
