import { gateMatches, isGatePattern } from '../core/gate-pattern.ts';
import { isStageId } from '../core/stages.ts';
import type { RequestName } from './messages.ts';
import type { StatusName } from './status.ts';

/** What decides whether a request can be accepted; a part of the migration's state, so that it can be tested alone. */
export interface Standing {
  readonly status: StatusName;
  /** A compensation failed: only `retry` helps, for a rollback must not end half done. */
  readonly compensating: boolean;
  readonly pauseRequested: boolean;
  /** A request was accepted and is about to be carried out. */
  readonly busy: boolean;
  readonly openGates: readonly string[];
  /** Stages that have something to be undone. */
  readonly undoable: readonly string[];
  readonly name: string | undefined;
  readonly artifactStore: string | undefined;
}

/** In which states a request makes sense. */
const WHEN: Readonly<Record<RequestName, readonly StatusName[]>> = {
  retry: ['parked', 'rolled-back'],
  approve: ['waiting'],
  reject: ['waiting'],
  rollback: ['running', 'waiting', 'paused', 'parked', 'rolled-back'],
  abort: ['running', 'waiting', 'paused', 'parked', 'rolled-back'],
  pause: ['running', 'waiting'],
  resume: ['running', 'waiting', 'paused'],
};

/** Whether the state alone allows a request; undefined when it does, else the reason. */
export function stateRefuses(name: RequestName, standing: Standing): string | undefined {
  if (!WHEN[name].includes(standing.status))
    return `${name} is not possible while the migration is ${standing.status}; it is when ${WHEN[name].join(' or ')}`;
  if (standing.busy) return 'another request was accepted just now and is being carried out';
  if (standing.compensating && name !== 'retry') return `${name} is not possible while a rollback is parked; retry it`;
  if (name === 'pause' && standing.pauseRequested) return 'a pause was requested already';
  if (name === 'resume' && !standing.pauseRequested) return 'the migration is not paused';
  if (name === 'rollback' && standing.undoable.length === 0) return 'no stage has started, there is nothing to undo';
  return undefined;
}

/** Whether a request as it came from outside is refused, and why. Synchronous and pure: it is an update's validator. */
export function refusal(name: RequestName, request: unknown, standing: Standing): string | undefined {
  return (
    shapeRefuses(name, request) ?? stateRefuses(name, standing) ?? contentRefuses(name, request as Fields, standing)
  );
}

type Fields = Readonly<Record<string, unknown>>;

function shapeRefuses(name: RequestName, request: unknown): string | undefined {
  if (typeof request !== 'object' || request === null) return `${name} needs an object such as {"by": "your name"}`;
  const { by, why, gate, to } = request as Fields;
  if (!isText(by)) return `${name} needs "by": who asks for it`;
  if (why !== undefined && typeof why !== 'string') return `"why" must be text`;
  if (['reject', 'rollback', 'abort'].includes(name) && !isText(why))
    return `${name} needs "why": it goes into the audit`;
  if (['approve', 'reject'].includes(name) && !isText(gate)) return `${name} needs "gate": the id of a gate`;
  if (name === 'rollback' && !isStageId(to)) return 'rollback needs "to": the id of a stage';
  return undefined;
}

function contentRefuses(name: RequestName, { gate, to, plan }: Fields, standing: Standing): string | undefined {
  if (name === 'approve' || name === 'reject') {
    // A refusal is of one thing, with a reason for it; agreeing can be to many.
    if (name === 'reject' && isGatePattern(gate as string)) return 'reject needs the id of one gate, not a pattern';
    return standing.openGates.some((id) => gateMatches(gate as string, id))
      ? undefined
      : `gate ${String(gate)} is not open; open is: ${shortened(standing.openGates)}`;
  }
  if (name === 'rollback' && !standing.undoable.some((stage) => stage >= (to as string)))
    return `there is nothing to undo from stage ${String(to)} on`;
  if (name === 'retry' && plan !== undefined) return planRefuses(plan, standing);
  return undefined;
}

function planRefuses(plan: unknown, { name, artifactStore }: Standing): string | undefined {
  const given = plan as Fields | null;
  if (given?.['name'] !== name || given?.['artifactStore'] !== artifactStore)
    return 'a corrected plan must keep its name and its artifact store';
  return undefined;
}

/** With a gate for each of thousands of tables, an answer names some. */
function shortened(gates: readonly string[]): string {
  const more = gates.length > NAMED ? ` and ${gates.length - NAMED} more` : '';
  return `${gates.slice(0, NAMED).join(', ')}${more}`;
}

const NAMED = 20;

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '';
}
