import { setTimeout as sleep } from 'node:timers/promises';
import { CutoverError } from '../../core/errors/index.ts';

/** How long to wait, and whom to tell that the wait goes on. */
export interface Waiting {
  readonly signal: AbortSignal;
  readonly what: string;
  readonly timeoutMs: number;
  beat(): void;
}

const FIRST_DELAY_MS = 200;
const LONGEST_DELAY_MS = 5_000;

/** Asks again, with growing pauses, until the answer is final. */
export async function poll<T>(waiting: Waiting, ask: () => Promise<T>, final: (answer: T) => boolean): Promise<T> {
  const end = Date.now() + waiting.timeoutMs;
  for (let delay = FIRST_DELAY_MS; ; delay = Math.min(delay * 1.5, LONGEST_DELAY_MS)) {
    waiting.signal.throwIfAborted();
    waiting.beat();
    const answer = await ask();
    if (final(answer)) return answer;
    if (Date.now() >= end) {
      const detail = `Still not done after ${Math.round(waiting.timeoutMs / 1000)} s.`;
      throw new CutoverError('infrastructure.deployment-failed', { where: waiting.what, detail });
    }
    await sleep(delay, undefined, { signal: waiting.signal });
  }
}
