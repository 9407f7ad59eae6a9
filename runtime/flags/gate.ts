import { currentRequest, type RequestContext } from './request-context.ts';
import type { Phase } from './phases.ts';

/** One admitted operation; `leave` exactly once, more does no harm. */
export interface Admission {
  readonly phase: Phase;
  leave(): void;
}

/** Admits operations under the current phase, and can be closed until those in flight have ended. */
export class Gate {
  private phase: Phase | undefined;
  private refusal: Error | undefined;
  private inFlight = 0;
  private readonly waiting: (() => void)[] = [];
  private readonly idleListeners: (() => void)[] = [];

  /** Waits while the gate is closed. Throws when it never opened because the flags can't be read. */
  async enter(): Promise<Admission> {
    const request = currentRequest();
    // A request that is in already must be let through: the gate waits for it to end.
    const nested = request !== undefined && request.open > 0;
    while (this.phase === undefined || (this.closed && !nested)) {
      if (this.refusal !== undefined) throw this.refusal;
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
    return this.admit(this.phase, request);
  }

  /** The phase that was last open. */
  get current(): Phase | undefined {
    return this.phase;
  }

  open(phase: Phase): void {
    this.phase = phase;
    this.closed = false;
    this.refusal = undefined;
    this.wake();
  }

  close(): void {
    this.closed = true;
  }

  /** Refuses everything until it is opened: for instances that do not know the phase. */
  refuse(reason: Error): void {
    if (this.phase !== undefined) return;
    this.refusal = reason;
    this.wake();
  }

  /** Resolves when nothing is in flight; true if that was so within the time. */
  async idle(milliseconds: number): Promise<boolean> {
    if (this.inFlight === 0) return true;
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(false), milliseconds);
      this.idleListeners.push(() => {
        clearTimeout(timer);
        resolve(true);
      });
    });
  }

  private closed = false;

  private admit(phase: Phase, request: RequestContext | undefined): Admission {
    this.inFlight += 1;
    if (request !== undefined) request.open += 1;
    let left = false;
    return {
      phase,
      leave: () => {
        if (left) return;
        left = true;
        this.inFlight -= 1;
        if (request !== undefined) request.open -= 1;
        if (this.inFlight === 0) for (const listener of this.idleListeners.splice(0)) listener();
      },
    };
  }

  private wake(): void {
    for (const resolve of this.waiting.splice(0)) resolve();
  }
}
