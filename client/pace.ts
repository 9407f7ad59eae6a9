import type { Progress } from '../core/stage.ts';

/** How far a step has come, how fast it goes and how long it will take, for people; empty where it can't be told. */
export interface PaceText {
  readonly count: string;
  readonly rate: string;
  readonly left: string;
}

/** Tells the pace of a step from two looks at its count; starts anew with each step. */
export class Pace {
  readonly #now: () => number;
  #step = '';
  #first = 0;
  #since = 0;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  of({ step, done, total, unit }: Progress): PaceText {
    if (done === undefined || total === undefined) return { count: '', rate: '', left: '' };
    const now = this.#now();
    if (step !== this.#step || done < this.#first) {
      this.#step = step;
      this.#first = done;
      this.#since = now;
    }
    const perSecond = ((done - this.#first) * 1000) / Math.max(1, now - this.#since);
    const known = perSecond > 0;
    return {
      count: `${done} of ${total} ${unit ?? ''}`.trim(),
      rate: known ? `${perSecond >= 10 ? Math.round(perSecond) : perSecond.toFixed(1)}/s` : '',
      left: known ? `ETA ${Math.ceil((total - done) / perSecond)} s` : '',
    };
  }
}
