import {
  Client,
  Connection,
  ServiceError,
  WorkflowExecutionAlreadyStartedError,
  WorkflowFailedError,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  QueryRejectedError,
  isGrpcServiceError,
  type WorkflowHandle,
} from '@temporalio/client';
import { ApplicationFailure, WorkflowIdReusePolicy } from '@temporalio/common';
import { CutoverError, type ErrorReport } from '../core/errors/index.ts';
import { progressIn } from '../core/heartbeat.ts';
import type { MigrationPlan } from '../core/plan.ts';
import type { Progress } from '../core/stage.ts';
import type { TemporalSettings } from '../core/temporal-settings.ts';
import {
  auditQuery,
  planQuery,
  statusQuery,
  updates,
  type Accepted,
  type AuditAnswer,
  type RequestName,
  type Requests,
} from '../workflows/messages.ts';
import type { MigrationResult, MigrationStatus } from '../workflows/status.ts';

/** The task queue and workflow type of the published contract (docs/messages.md). */
const TASK_QUEUE = 'cutover';
const WORKFLOW_TYPE = 'migration';

/** How long to wait for an answer that only a worker can give. */
const ANSWER_WITHIN_MS = 10_000;

/** What a running activity last said, or why its last attempt failed: the server knows, the workflow does not. */
export interface Activity {
  readonly type: string;
  readonly attempt: number;
  readonly progress?: Progress;
  readonly lastFailure?: string;
}

/** A migration as the server sees it, also when no worker runs. */
export interface Execution {
  readonly closed: boolean;
  /** Temporal's own word, such as RUNNING or CANCELED. */
  readonly execution: string;
  readonly runId: string;
  readonly startedAt: string;
  readonly closedAt?: string;
  readonly activities: readonly Activity[];
}

/** Talks to migrations by name. The only place that knows how names become workflow ids. */
export class Migrations {
  readonly #client: Client;
  readonly #taskQueue: string;

  constructor(client: Client, taskQueue = TASK_QUEUE) {
    this.#client = client;
    this.#taskQueue = taskQueue;
  }

  /** Connects; `close` what comes back. */
  static async connect({ connection: options, namespace, address }: TemporalSettings): Promise<{
    readonly migrations: Migrations;
    readonly connection: Connection;
  }> {
    try {
      const connection = await Connection.connect({ ...options, connectTimeout: '5s' });
      return { migrations: new Migrations(new Client({ connection, namespace })), connection };
    } catch (cause) {
      const detail = `Tried for 5 seconds (${cause instanceof Error ? cause.message : String(cause)}).`;
      throw new CutoverError('client.temporal-unreachable', { where: address, detail, cause });
    }
  }

  /**
   * Starts a migration. Its name is its workflow id, so the server is the lock: refused while one of that name runs,
   * and, unless `again`, after one has completed.
   */
  async start(plan: MigrationPlan, { again = false } = {}): Promise<{ readonly runId: string }> {
    try {
      const handle = await this.#client.workflow.start(WORKFLOW_TYPE, {
        workflowId: plan.name,
        taskQueue: this.#taskQueue,
        args: [plan],
        workflowIdConflictPolicy: 'FAIL',
        workflowIdReusePolicy: again
          ? WorkflowIdReusePolicy.ALLOW_DUPLICATE
          : WorkflowIdReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY,
        staticSummary: `Cutover: ${plan.source.database} to DynamoDB`,
      });
      return { runId: handle.firstExecutionRunId };
    } catch (cause) {
      throw explained(cause, plan.name);
    }
  }

  /** What the workflow says of itself. */
  status(name: string): Promise<MigrationStatus> {
    return this.#ask(name, (handle) => handle.query(statusQuery));
  }

  /** The plan that the run works by. */
  plan(name: string): Promise<MigrationPlan | null> {
    return this.#ask(name, (handle) => handle.query(planQuery));
  }

  /** The end of the audit trail as the workflow remembers it. */
  audit(name: string): Promise<AuditAnswer> {
    return this.#ask(name, (handle) => handle.query(auditQuery));
  }

  /** Sends a request and waits until it is accepted or refused. */
  request<N extends RequestName>(name: string, what: N, request: Requests[N]): Promise<Accepted> {
    const update = updates[what] as typeof updates.abort;
    return this.#ask(name, (handle) => handle.executeUpdate(update, { args: [request] }));
  }

  /** Asks Temporal to cancel: the stage stops, everything is rolled back, the run ends as cancelled. */
  async cancel(name: string): Promise<void> {
    await this.#ask(name, (handle) => handle.cancel());
  }

  /** Waits for the end. */
  async result(name: string): Promise<MigrationResult> {
    try {
      return (await this.#handle(name).result()) as MigrationResult;
    } catch (cause) {
      throw explained(cause, name);
    }
  }

  /** What the server knows, which it also does without a worker. */
  async execution(name: string): Promise<Execution> {
    return this.#ask(name, async (handle) => {
      const description = await handle.describe();
      const pending = description.raw.pendingActivities ?? [];
      const activities = await Promise.all(pending.map((activity) => this.#activity(activity)));
      return {
        closed: description.closeTime !== undefined,
        execution: description.status.name,
        runId: description.runId,
        startedAt: description.startTime.toISOString(),
        ...(description.closeTime === undefined ? {} : { closedAt: description.closeTime.toISOString() }),
        activities,
      };
    });
  }

  async #activity(pending: PendingActivity): Promise<Activity> {
    const payload = pending.heartbeatDetails?.payloads?.[0];
    const details: unknown = !payload?.data ? undefined : JSON.parse(Buffer.from(payload.data).toString('utf8'));
    const progress = progressIn(details);
    return {
      type: pending.activityType?.name ?? 'unknown',
      attempt: pending.attempt ?? 1,
      ...(progress === undefined ? {} : { progress }),
      ...(pending.lastFailure?.message ? { lastFailure: pending.lastFailure.message } : {}),
    };
  }

  #handle(name: string): WorkflowHandle {
    return this.#client.workflow.getHandle(name);
  }

  async #ask<T>(name: string, ask: (handle: WorkflowHandle) => Promise<T>): Promise<T> {
    try {
      return await this.#client.withDeadline(Date.now() + ANSWER_WITHIN_MS, () => ask(this.#handle(name)));
    } catch (cause) {
      throw explained(cause, name);
    }
  }
}

type Description = Awaited<ReturnType<WorkflowHandle['describe']>>['raw'];
type PendingActivity = NonNullable<Description['pendingActivities']>[number];

/** gRPC status codes; a busy worker or server answers with any of these, and with an answer a moment later. */
const UNAVAILABLE = 14;
const BUSY: Readonly<Record<number, string>> = {
  1: 'cancelled',
  4: 'no answer in 10 seconds',
  8: 'too much is asked at once',
  10: 'aborted',
};

/** What the SDK throws, as an error that says what to do. */
function explained(cause: unknown, name: string): unknown {
  const where = `migration ${name}`;
  if (cause instanceof WorkflowExecutionAlreadyStartedError)
    return new CutoverError('client.migration-exists', { where, detail: 'The server refused to start it.', cause });
  if (cause instanceof WorkflowNotFoundError)
    return new CutoverError('client.migration-unknown', {
      where,
      detail: 'The server knows no such workflow, or it is closed.',
      cause,
    });
  if (cause instanceof WorkflowUpdateFailedError)
    return new CutoverError('client.refused', { where, detail: `${cause.cause?.message ?? cause.message}.`, cause });
  if (cause instanceof QueryRejectedError)
    return new CutoverError('client.no-worker', { where, detail: cause.message, cause });
  if (cause instanceof WorkflowFailedError) return failed(cause, where);
  const grpc = cause instanceof ServiceError ? cause.cause : cause;
  if (isGrpcServiceError(grpc)) {
    const code = Number(grpc.code);
    const busy = BUSY[code];
    if (busy !== undefined)
      return new CutoverError('client.no-worker', { where, detail: `${busy}: ${grpc.details}`, cause });
    if (code === UNAVAILABLE)
      return new CutoverError('client.temporal-unreachable', { where, detail: grpc.details, cause });
  }
  if (cause instanceof ServiceError && isGrpcServiceError(cause.cause)) {
    const { code, details } = cause.cause;
    return new CutoverError('core.unexpected', { where, detail: `${cause.message}: ${details} (gRPC ${code})`, cause });
  }
  return cause;
}

function failed(cause: WorkflowFailedError, where: string): unknown {
  const report =
    cause.cause instanceof ApplicationFailure ? (cause.cause.details?.[0] as ErrorReport | undefined) : undefined;
  if (report?.code === undefined) return cause;
  return new CutoverError(report.code, {
    where: report.where === '' ? where : report.where,
    detail: report.detail,
    cause,
  });
}
