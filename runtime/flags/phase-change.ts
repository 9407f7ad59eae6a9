import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { errorName, type Events } from './events.ts';
import type { Announcement, FlagStore, InstanceState } from './flag-store.ts';
import type { Member } from './member.ts';
import { changeRefusal, type Phase } from './phases.ts';
import { CONFIRM_LAST, Refusal, type TransitionContext, transitionTo } from './transitions.ts';

/** An instance whose last beat is older is gone. */
export const GONE_MS = 15_000;
const LOOK_MS = 100;

export interface ChangeRequest {
  readonly to: Phase;
  readonly by: string;
  readonly why: string;
  readonly confirm?: string;
}

export interface ChangeOptions extends Pick<TransitionContext, 'client' | 'model' | 'tables' | 'pool' | 'relay'> {
  readonly store: FlagStore;
  readonly member: Member;
  readonly events: Events;
  /** How long the instances have to become quiet. */
  readonly quietMs: number;
  /** How long the whole change may take before anybody may withdraw it. */
  readonly deadlineMs: number;
}

/** Changes the phase as a saga; gives its steps. Throws {@link Refusal} with everything as it was before. */
export async function changePhase(options: ChangeOptions, request: ChangeRequest): Promise<string[]> {
  const { store, member, events } = options;
  const steps: string[] = [];
  const flags = await store.read();
  const refused = changeRefusal(flags.phase, request.to);
  if (refused !== undefined) throw new Refusal(refused);
  if (request.to === 5 && request.confirm !== CONFIRM_LAST) {
    throw new Refusal(`Phase 5 is the point of no return. Confirm with "${CONFIRM_LAST}".`);
  }
  const announcement: Announcement = { id: randomUUID(), to: request.to, deadline: Date.now() + options.deadlineMs };
  if (!(await store.announce(flags, announcement))) throw new Refusal('Another change of phase is under way.');
  const context: TransitionContext = {
    ...options,
    flags,
    confirm: request.confirm,
    step: (text) => void steps.push(text),
  };
  const transition = transitionTo(flags.phase, request.to);
  let prepared = false;
  try {
    context.step(`Announced: from phase ${flags.phase} to ${request.to}.`);
    const quiet = await everybodyQuiet(options, announcement);
    context.step(`${quiet} instances have become quiet.`);
    prepared = true;
    const versionBase = await transition.prepare(context);
    if (!(await switched(store, announcement, versionBase, flags.generation))) {
      throw new Refusal('The announcement was withdrawn meanwhile, since the change took too long.');
    }
  } catch (error) {
    await store.withdraw(announcement.id).catch(() => undefined);
    if (prepared) await transition.undo(context).catch(() => undefined);
    const fields = { from: flags.phase, to: request.to, by: request.by, why: request.why, error: errorName(error) };
    events.add('phase', 'The phase was not changed.', fields);
    await member.poll();
    throw error;
  }
  context.step(`Phase ${request.to}.`);
  events.add('phase', 'The phase was changed.', {
    from: flags.phase,
    to: request.to,
    by: request.by,
    why: request.why,
  });
  await transition.finish(context).catch((error: unknown) => {
    events.add('phase', 'Something was left to clean up.', { error: errorName(error) });
  });
  await member.poll();
  return steps;
}

/** An answer that got lost says nothing: then the flags themselves tell whether the switch happened. */
async function switched(store: FlagStore, announcement: Announcement, base: bigint, before: number): Promise<boolean> {
  try {
    return await store.switchTo(announcement, base);
  } catch (error) {
    const now = await store.read();
    if (now.generation > before && now.phase === announcement.to) return true;
    throw error;
  }
}

/** Waits until every live instance is quiet under the announcement; gives their number. */
async function everybodyQuiet(options: ChangeOptions, announcement: Announcement): Promise<number> {
  const { store, member, quietMs } = options;
  const until = Date.now() + quietMs;
  for (;;) {
    await member.poll();
    const live = (await store.instances()).filter(isLive);
    const loud = live.filter(({ quiet }) => quiet !== announcement.id);
    if (live.length > 0 && loud.length === 0) return live.length;
    if (Date.now() > until) {
      throw new Refusal(
        `${loud.length} of ${live.length} instances did not become quiet in ${quietMs} ms: ${loud.map(({ id }) => id).join(', ')}.`,
      );
    }
    await delay(LOOK_MS);
  }
}

export function isLive(instance: InstanceState): boolean {
  return Date.now() - instance.beat < GONE_MS;
}
