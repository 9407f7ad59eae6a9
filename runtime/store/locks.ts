import { conflict } from './sql-error.ts';

/** How long a transaction waits for another of this process before it is taken for deadlocked. */
const PATIENCE_MS = 10_000;

/** Thrown when a lock had to be waited for: what was read before it may be old, so the statement runs again. */
export class LockWaited extends Error {}

interface Lock {
  owner: object;
  readonly waiting: { readonly owner: object; readonly take: () => void }[];
}

/**
 * Row locks among the transactions of this process, so that they wait for each other as in MySQL instead of failing at
 * commit. Other processes are kept apart by the versions that every commit checks.
 */
export class LockTable {
  private readonly locks = new Map<string, Lock>();

  /** Takes a row's lock; true when it had to be waited for. Throws ER_LOCK_DEADLOCK when that takes too long. */
  async acquire(owner: object, id: string): Promise<boolean> {
    const lock = this.locks.get(id);
    if (lock === undefined) {
      this.locks.set(id, { owner, waiting: [] });
      return false;
    }
    if (lock.owner === owner) return false;
    await new Promise<void>((resolve, reject) => {
      const waiter = {
        owner,
        take: () => {
          clearTimeout(timer);
          resolve();
        },
      };
      const timer = setTimeout(() => {
        lock.waiting.splice(lock.waiting.indexOf(waiter), 1);
        reject(conflict());
      }, PATIENCE_MS);
      if (this.waitsFor(lock.owner, owner)) {
        clearTimeout(timer);
        reject(conflict());
      } else {
        lock.waiting.push(waiter);
      }
    });
    return true;
  }

  /** Gives all locks of an owner to those who wait for them. */
  release(owner: object): void {
    for (const [id, lock] of this.locks) {
      if (lock.owner !== owner) continue;
      const next = lock.waiting.shift();
      if (next === undefined) {
        this.locks.delete(id);
      } else {
        lock.owner = next.owner;
        next.take();
      }
    }
  }

  /** Whether one transaction waits, directly or through others, for another: then waiting for it would never end. */
  private waitsFor(one: object, other: object, seen = new Set<object>()): boolean {
    if (one === other) return true;
    if (seen.has(one)) return false;
    seen.add(one);
    return [...this.locks.values()]
      .filter(({ waiting }) => waiting.some(({ owner }) => owner === one))
      .some(({ owner }) => this.waitsFor(owner, other, seen));
  }
}
