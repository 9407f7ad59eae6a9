import { ApplicationFailure, setHandler } from '@temporalio/workflow';
import { isGatePattern } from '../core/gate-pattern.ts';
import {
  REQUEST_NAMES,
  auditQuery,
  planQuery,
  signals,
  statusQuery,
  updates,
  type Accepted,
  type DecisionRequest,
  type Request,
  type RequestName,
  type RetryRequest,
  type RollbackRequest,
} from './messages.ts';
import { refusal } from './refusals.ts';
import type { Run } from './run.ts';

/** Registers all handlers; called before anything is awaited, for messages may be there before the first line runs. */
export function listen(run: Run): void {
  setHandler(statusQuery, () => run.status());
  setHandler(auditQuery, () => run.audit.answer());
  setHandler(planQuery, () => run.plan ?? null);
  for (const name of REQUEST_NAMES) {
    const accept = (request: Request): Accepted => {
      const open = run.standing().openGates.length;
      const message = act(run, name, request);
      note(run, name, request, open - run.standing().openGates.length);
      return { accepted: true, message };
    };
    setHandler(updates[name], accept, {
      // Synchronous on purpose: an asynchronous validator fails the workflow task instead of the update.
      validator: (request: unknown) => {
        const reason = refusal(name, request, run.standing());
        if (reason !== undefined) throw ApplicationFailure.nonRetryable(reason, 'client.refused');
      },
    });
    // A signal has no answer: that it was refused, and why, can only be read in the audit.
    setHandler(signals[name], (request: Request) => {
      const reason = refusal(name, request, run.standing());
      if (reason === undefined) accept(request);
      else void run.audit.record({ who: whoOf(request), what: `refused.${name}`, why: reason });
    });
  }
}

/** Carries a request out, or hands it to the main function; says what happens now. */
function act(run: Run, name: RequestName, request: Request): string {
  switch (name) {
    case 'retry':
      run.retry = request;
      return 'the migration goes on';
    case 'rollback':
      run.interrupt({ kind: 'rollback', ...(request as RollbackRequest) });
      return `the stages back to ${(request as RollbackRequest).to} are undone`;
    case 'abort':
      run.interrupt({ kind: 'abort', ...request });
      return 'all stages are undone, then the migration ends';
    case 'pause':
      run.change((state) => (state.pauseRequested = true));
      return 'the migration stops before its next step';
    case 'resume':
      run.change((state) => (state.pauseRequested = false));
      return 'the migration goes on';
    case 'approve':
    case 'reject': {
      const { gate, by, why } = request as DecisionRequest;
      const state = name === 'approve' ? 'approved' : 'rejected';
      const decided = run.decide(gate, state, by, why);
      return isGatePattern(gate) ? `${decided} gates are ${state}` : `gate ${gate} is ${state}`;
    }
  }
}

/** What the audit calls each accepted request. */
const CALLED: Readonly<Record<RequestName, string>> = {
  retry: 'migration.retry-requested',
  approve: 'gate.approved',
  reject: 'gate.rejected',
  rollback: 'migration.rollback-requested',
  abort: 'migration.abort-requested',
  pause: 'migration.pause-requested',
  resume: 'migration.resume-requested',
};

function note(run: Run, name: RequestName, request: Request, decided: number): void {
  const { by, why, gate, to, plan } = request as Partial<DecisionRequest & RollbackRequest & RetryRequest> & Request;
  const stage = to ?? run.state.gates.find(({ id }) => id === gate)?.stage ?? run.state.current?.id;
  void run.audit.record({
    who: by,
    what: CALLED[name],
    ...(stage === undefined ? {} : { stage }),
    ...(why === undefined ? {} : { why }),
    ...(gate === undefined ? {} : { evidence: { gate, ...(isGatePattern(gate) ? { gates: decided } : {}) } }),
    ...(plan === undefined
      ? {}
      : { evidence: { correctedPlan: true, ...(plan.contract ? { contract: plan.contract.sha256 } : {}) } }),
  });
}

function whoOf(request: unknown): string {
  const by = (request as { by?: unknown } | null)?.by;
  return typeof by === 'string' && by !== '' ? by : 'unknown';
}
