import { stepsOf, type Success } from './drive.ts';
import type { Answer, ServedLayer } from './served.ts';

/** What became of two transactions with the same write that ran into each other. */
export interface Raced {
  /** How many of the two were committed. */
  readonly committed: number;
  /** Codes of what was not, which the application has to know from MySQL. */
  readonly codes: readonly string[];
}

/**
 * One transaction writes, a second one of another process writes the same and commits, then the first commits: whatever
 * was committed must show, and what can't be must fail as MySQL's own losers do.
 */
export async function raceWrite({ method, input }: Success, one: ServedLayer, other: ServedLayer): Promise<Raced> {
  const [begin, call, commit, release] = stepsOf(method, input, true, 'commit');
  if (begin === undefined || call === undefined || commit === undefined || release === undefined) {
    throw new RangeError('A write in a transaction has four steps.');
  }
  const before = await one.run([begin, call]);
  const between = await other.run([begin, call, commit, release]);
  const after = await one.run([commit, release]);
  const lost = [failure([...before, ...after]), failure(between)].filter((code) => code !== undefined);
  return { committed: 2 - lost.length, codes: lost };
}

function failure(answers: readonly Answer[]): string | undefined {
  return answers.find(({ code }) => code !== undefined)?.code;
}
