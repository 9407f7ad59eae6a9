import type { Admission } from './gate.ts';

/** A unit of work as the application's interface declares it. */
export interface UnitShape {
  begin(): Promise<void>;
  commit(): Promise<void>;
  rollback(): Promise<void>;
  release(): void;
}

/** What all data access layers have besides their aggregates. */
export interface DalShape {
  begin(): Promise<UnitShape>;
  ping(): Promise<void>;
  close(): Promise<void>;
}

/**
 * A transaction under the phase in which it was begun; it is on one store from its begin to its end. The phase does
 * not change before it is released.
 */
export class FlagsUnit implements UnitShape {
  readonly dal: DalShape;
  readonly inner: UnitShape;
  /** Within begin and commit; outside each statement stands for itself, as on a connection. */
  active = false;
  private readonly admission: Admission;
  private readonly afterWrite: (unit: UnitShape) => Promise<void>;

  constructor(
    dal: DalShape,
    inner: UnitShape,
    admission: Admission,
    /** Called when something was committed. */
    afterWrite: (unit: UnitShape) => Promise<void>,
  ) {
    this.dal = dal;
    this.inner = inner;
    this.admission = admission;
    this.afterWrite = afterWrite;
  }

  async begin(): Promise<void> {
    await this.inner.begin();
    this.active = true;
  }

  async commit(): Promise<void> {
    await this.inner.commit();
    this.active = false;
    await this.afterWrite(this.inner);
  }

  async rollback(): Promise<void> {
    await this.inner.rollback();
    this.active = false;
  }

  release(): void {
    this.inner.release();
    this.admission.leave();
  }

  /** To be called after a writing statement: outside of a transaction it is committed already. */
  async wrote(): Promise<void> {
    if (!this.active) await this.afterWrite(this.inner);
  }
}

/** MySQL's id of the connection that a unit of the MySQL layer works on, as its triggers see it. */
export function connectionIdOf(unit: UnitShape): number | undefined {
  const connection: unknown = 'connection' in unit ? unit.connection : undefined;
  if (typeof connection !== 'object' || connection === null || !('threadId' in connection)) return undefined;
  return typeof connection.threadId === 'number' ? connection.threadId : undefined;
}
