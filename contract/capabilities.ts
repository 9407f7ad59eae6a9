import type { ErrorCode } from '../core/errors/index.ts';
import type { StageId } from '../core/stages.ts';
import type { ContractCalculation, ContractJoin, ContractTransformation, ValueEncoding } from './types.ts';

/** Something that a contract can say and that not every stage can build. */
export type Feature =
  | `join ${ContractJoin['type']}`
  | `calculation ${ContractCalculation['type']}`
  | `transformation ${ContractTransformation['type']}`
  | `encoding ${Exclude<ValueEncoding, 'canonical'>}`
  | 'NULL kept as NULL'
  | 'zero date not kept as text'
  | 'list of one source column'
  | 'sharded partition key'
  | 'time bucket in a key'
  | 'index that projects less than ALL'
  | 'row filter'
  | 'items that expire';

/** One thing that one stage can't build. */
export interface CapabilityGap {
  readonly feature: Feature;
  readonly stage: StageId;
  /** `refused`: the migration can't be done so. `differs`: what is built is stricter or narrower than what is said. */
  readonly outcome: 'refused' | 'differs';
  /** What the stage itself would say if it came so far; `contract.not-buildable` where it would say nothing. */
  readonly code: ErrorCode;
  readonly because: string;
}

const IMPLEMENTATION: StageId = '04-dynamodb-implementation';
const LOAD: StageId = '07-data-migration-execution';

const DERIVED: readonly Feature[] = [
  ...(['self-join', 'foreign-key', 'lookup-table', 'multi-column', 'conditional', 'chain'] as const).map(
    (type): Feature => `join ${type}`,
  ),
  ...(['json-construction', 'path'] as const).map((type): Feature => `join ${type}`),
  ...(['aggregate', 'case', 'concat', 'date-math', 'object'] as const).map((type): Feature => `calculation ${type}`),
  ...(['date-format', 'string-format', 'number-format', 'json-parse', 'static'] as const).map(
    (type): Feature => `transformation ${type}`,
  ),
];
const VALUES: readonly Feature[] = [
  ...(['text', 'set', 'document', 'boolean', 'epoch-seconds'] as const).map((one): Feature => `encoding ${one}`),
  'NULL kept as NULL',
  'zero date not kept as text',
];
const KEYS: readonly Feature[] = ['sharded partition key', 'time bucket in a key'];

/**
 * What is valid in a contract and not built (yet), by stage. Remove a line when its stage has learnt it; the tests hold
 * the lines against the stages.
 */
export const CAPABILITY_GAPS: readonly CapabilityGap[] = [
  ...DERIVED.map((feature) => refused(feature, LOAD, 'data.attribute-unsupported', 'The load refuses derived data.')),
  ...DERIVED.map((feature) =>
    refused(feature, IMPLEMENTATION, 'contract.not-buildable', 'The generated store would not write derived data.'),
  ),
  ...[LOAD, IMPLEMENTATION].flatMap((stage) => [
    ...VALUES.map((feature) =>
      refused(
        feature,
        stage,
        'contract.not-buildable',
        'Values are written by docs/value-encoding.md and no other way.',
      ),
    ),
    ...KEYS.map((feature) =>
      refused(feature, stage, 'contract.not-buildable', 'Keys are made of whole values and nothing else.'),
    ),
  ]),
  refused(
    'list of one source column',
    LOAD,
    'data.attribute-unsupported',
    'The load takes a column by its name; write the name alone.',
  ),
  refused(
    'index that projects less than ALL',
    IMPLEMENTATION,
    'contract.not-buildable',
    'The generated store reads whole rows, so it never uses such an index.',
  ),
  differs(
    'row filter',
    IMPLEMENTATION,
    'The filter decides what is loaded; from phase 5 on the store writes every row that the application writes.',
  ),
  differs(
    'items that expire',
    LOAD,
    'The comparison expects an item for every row, also when its time is over: rows of that kind are reported missing.',
  ),
];

function refused(feature: Feature, stage: StageId, code: ErrorCode, because: string): CapabilityGap {
  return { feature, stage, outcome: 'refused', code, because: `Stage ${stage}: ${because}` };
}

function differs(feature: Feature, stage: StageId, because: string): CapabilityGap {
  return { feature, stage, outcome: 'differs', code: 'contract.not-buildable', because: `Stage ${stage}: ${because}` };
}
