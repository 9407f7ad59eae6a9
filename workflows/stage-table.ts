import type { RetryPolicy } from '@temporalio/common';
import type { Step } from '../core/activity-contract.ts';
import type { StageId } from '../core/stages.ts';

/** Such as `10m`. Temporal's own type for this loses its meaning where the types of its parser can't be found. */
export type Length = `${number}${'s' | 'm' | 'h' | 'd'}`;

/** One stage as the orchestrator sees it. Adding a stage is adding a row (and its folder below `activities/`). */
export interface StageRow {
  readonly id: StageId;
  /** For people: shown beside events in the Web UI and by the CLI. */
  readonly title: string;
  readonly dependsOn: readonly StageId[];
  /** How often `execute` and `verify` are tried before the stage parks. */
  readonly retry: RetryPolicy;
  /** The longest that one attempt may take; the server notices a dead worker by heartbeats long before. */
  readonly longest: Readonly<Record<Step, Length>>;
  /** Steps that change something: the workflow waits for their end before it does anything else, also when cancelled. */
  readonly writes: readonly Step[];
}

/** A step that does not even say that it is alive for this long has lost its worker. */
export const HEARTBEAT_TIMEOUT = '30s';

/** Servers restart and throttle: worth waiting for. What waiting can't mend is not retryable anyway. */
const OF_SERVERS: RetryPolicy = {
  initialInterval: '2s',
  backoffCoefficient: 2,
  maximumInterval: '1m',
  maximumAttempts: 6,
};

/** Work on files and processes of our own: a second failure is seldom chance. */
const OF_FILES: RetryPolicy = {
  initialInterval: '1s',
  backoffCoefficient: 2,
  maximumInterval: '10s',
  maximumAttempts: 3,
};

const SHORT = { preflight: '10m', gates: '5m', record: '10m' } as const;

/** `verify` counts as writing: several stages try what they built on scratch tables and test servers. */
const WRITES: readonly Step[] = ['execute', 'verify', 'record', 'compensate'];

/** The DAG of the seven stages. */
export const STAGE_TABLE: readonly StageRow[] = [
  {
    id: '01-mysql-analysis',
    title: 'MySQL analysis',
    dependsOn: [],
    retry: OF_SERVERS,
    longest: { ...SHORT, execute: '2h', verify: '1h', compensate: '1h' },
    writes: WRITES,
  },
  {
    id: '02-dynamodb-data-modeling',
    title: 'DynamoDB data modelling',
    dependsOn: ['01-mysql-analysis'],
    retry: OF_SERVERS,
    longest: { ...SHORT, execute: '2h', verify: '2h', compensate: '1h' },
    writes: WRITES,
  },
  {
    id: '03-dal-abstraction',
    title: 'Data access layer',
    dependsOn: ['02-dynamodb-data-modeling'],
    retry: OF_FILES,
    longest: { ...SHORT, execute: '6h', verify: '2h', compensate: '1h' },
    writes: WRITES,
  },
  {
    id: '04-dynamodb-implementation',
    title: 'DynamoDB implementation',
    dependsOn: ['03-dal-abstraction'],
    retry: OF_FILES,
    longest: { ...SHORT, execute: '6h', verify: '4h', compensate: '1h' },
    writes: WRITES,
  },
  {
    id: '05-feature-flags-system',
    title: 'Feature flags',
    dependsOn: ['04-dynamodb-implementation'],
    retry: OF_FILES,
    longest: { ...SHORT, execute: '6h', verify: '4h', compensate: '1h' },
    writes: WRITES,
  },
  {
    id: '06-infrastructure-deployment',
    title: 'Infrastructure deployment',
    dependsOn: ['05-feature-flags-system'],
    retry: OF_SERVERS,
    longest: { ...SHORT, execute: '4h', verify: '2h', compensate: '4h' },
    writes: WRITES,
  },
  {
    id: '07-data-migration-execution',
    title: 'Data migration',
    dependsOn: ['06-infrastructure-deployment'],
    retry: OF_SERVERS,
    longest: { ...SHORT, execute: '7d', verify: '7d', compensate: '7d' },
    writes: WRITES,
  },
];

/** The rows so that each comes after those that it depends on. Throws on a circle or an unknown dependency. */
export function inDependencyOrder(rows: readonly StageRow[]): StageRow[] {
  const ordered: StageRow[] = [];
  const placed = new Set<StageId>();
  while (ordered.length < rows.length) {
    const next = rows.find((row) => !placed.has(row.id) && row.dependsOn.every((id) => placed.has(id)));
    if (next === undefined) throw new Error('stage table: the dependencies form a circle or name an unknown stage');
    ordered.push(next);
    placed.add(next.id);
  }
  return ordered;
}

/** The stages in the order in which they run; rollback is the same, backwards. */
export const STAGES: readonly StageRow[] = inDependencyOrder(STAGE_TABLE);
