/** The five phases of a cut-over. What each means for reads and writes is said here and nowhere else. */
export type Phase = 1 | 2 | 3 | 4 | 5;

export interface PhaseRules {
  readonly name: string;
  /** Where a write must have succeeded before the caller is answered. */
  readonly primary: 'mysql' | 'dynamodb';
  /** Whether writes are carried on to DynamoDB by the outbox. */
  readonly dualWrite: boolean;
  /** Who answers reads outside transactions. */
  readonly reads: 'mysql' | 'dynamodb';
  /** Whether the other store is asked too, and the answers compared. */
  readonly compareReads: boolean;
}

export const PHASES: Readonly<Record<Phase, PhaseRules>> = {
  1: { name: 'mysql-only', primary: 'mysql', dualWrite: false, reads: 'mysql', compareReads: false },
  2: { name: 'dual-write', primary: 'mysql', dualWrite: true, reads: 'mysql', compareReads: false },
  3: { name: 'dual-read', primary: 'mysql', dualWrite: true, reads: 'mysql', compareReads: true },
  4: { name: 'dynamodb-read', primary: 'mysql', dualWrite: true, reads: 'dynamodb', compareReads: false },
  5: { name: 'dynamodb-only', primary: 'dynamodb', dualWrite: false, reads: 'dynamodb', compareReads: false },
};

/** True for the numbers 1 to 5. */
export function isPhase(value: unknown): value is Phase {
  return value === 1 || value === 2 || value === 3 || value === 4 || value === 5;
}

/** Why a change is never allowed, whatever the state of things; undefined when it may be tried. */
export function changeRefusal(from: Phase, to: Phase): string | undefined {
  if (from === to) return `The phase is ${from} already.`;
  if (from === 5) return 'Phase 5 is the point of no return: MySQL has not seen the writes since.';
  if (Math.abs(from - to) !== 1)
    return `Phases change one by one: from ${from} to ${from + Math.sign(to - from)} first.`;
  return undefined;
}
