import type { Item } from './codec.ts';
import type { StoredValues } from './key-encoding.ts';
import type { LockTable } from './locks.ts';
import type { EntityModel } from './model.ts';
import type { StoredRecord } from './record.ts';

/** What one item becomes at commit. */
export interface Change {
  readonly entity: EntityModel;
  readonly id: string;
  /** Null when the item did not exist before this transaction. */
  readonly before: { readonly stored: StoredValues; readonly version: bigint } | null;
  /** Null when it is deleted. */
  readonly after: StoredValues | null;
}

/** In MySQL's words, what it means that a key is taken: for a loss against another transaction at commit. */
export interface Taken {
  readonly entry: string;
  readonly table: string;
  readonly key: string;
}

/** A uniqueness guard as it will stand; `owner` null to take it away. `before` is the owner that it had. */
export interface GuardChange {
  readonly key: string;
  readonly before: string | null;
  readonly owner: string | null;
  readonly taken: Taken;
}

/** An item that must still be as it was read when the transaction commits. */
export interface Check {
  readonly table: string;
  readonly key: Item;
  /** Null: it must exist, in whatever version. */
  readonly version: bigint | null;
}

/** What a transaction has written so far and rests on: seen by its own reads, by nobody else until commit. */
export class TransactionState {
  changes: Map<string, Change> = new Map();
  guards: Map<string, GuardChange> = new Map();
  checks: Map<string, Check> = new Map();
  /** A statement would have updated a row that was in its way: then a key that is taken is no error, but a reason to try again. */
  upserts = false;
  readonly locks: LockTable;

  constructor(locks: LockTable) {
    this.locks = locks;
  }

  /** The state as it is now, to come back to when a statement fails half-way. */
  savepoint(): () => void {
    const [changes, guards, checks] = [new Map(this.changes), new Map(this.guards), new Map(this.checks)];
    return () => Object.assign(this, { changes, guards, checks });
  }

  /** The row of this item as the transaction left it: undefined if untouched, null if deleted. */
  pending(id: string): StoredValues | null | undefined {
    const change = this.changes.get(id);
    return change === undefined ? undefined : change.after;
  }

  /** Rows of an entity that the transaction wrote. */
  written(entity: EntityModel): StoredRecord[] {
    return [...this.changes.values()].flatMap((change) =>
      change.entity === entity && change.after !== null
        ? [{ entity, id: change.id, stored: change.after, version: change.before?.version ?? null }]
        : [],
    );
  }

  touches(entity: EntityModel): boolean {
    return [...this.changes.values()].some((change) => change.entity === entity);
  }

  /** Notes that an item becomes `after`; what it was before the transaction is kept from the first change. */
  change(entity: EntityModel, id: string, before: Change['before'], after: StoredValues | null): void {
    const first = this.changes.get(id);
    const origin = first === undefined ? before : first.before;
    // Made and deleted again in one transaction: nothing happened.
    if (origin === null && after === null) this.changes.delete(id);
    else this.changes.set(id, { entity, id, before: origin, after });
  }

  guard(key: string, before: string | null, owner: string | null, taken: Taken): void {
    const first = this.guards.get(key);
    this.guards.set(key, { key, before: first === undefined ? before : first.before, owner, taken });
  }

  /** A version is stronger than mere existence; the first version that was read is the one that counts. */
  check(id: string, check: Check): void {
    const known = this.checks.get(id);
    if (known === undefined || known.version === null) this.checks.set(id, check);
  }
}
