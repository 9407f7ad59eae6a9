import { randomUUID } from 'node:crypto';
import { errorName, type Events } from './events.ts';
import type { Flags, FlagStore } from './flag-store.ts';
import type { Gate } from './gate.ts';
import { PHASES } from './phases.ts';
import type { Relay } from './relay.ts';

const POLL_MS = 500;
const BEAT_MS = 2000;
/** How long one look waits for operations in flight before it looks at the flags again. */
const IDLE_WAIT_MS = 400;

/** This process as one of the application's instances: follows the flags, and says that it does. */
export class Member {
  readonly id = randomUUID();
  private readonly store: FlagStore;
  private readonly gate: Gate;
  private readonly relay: Relay;
  private readonly events: Events;
  private flags: Flags | undefined;
  private quiet = '';
  private registered = false;
  private lastBeat = 0;
  private told = '';
  private timer: NodeJS.Timeout | undefined;
  private look: Promise<void> | undefined;
  private stopped = false;

  constructor(parts: { store: FlagStore; gate: Gate; relay: Relay; events: Events }) {
    this.store = parts.store;
    this.gate = parts.gate;
    this.relay = parts.relay;
    this.events = parts.events;
  }

  /** The flags as they were last read. */
  get known(): Flags | undefined {
    return this.flags;
  }

  start(): void {
    const again = (): void => {
      if (this.stopped) return;
      this.timer = setTimeout(() => void this.poll().then(again), POLL_MS);
      this.timer.unref();
    };
    void this.poll().then(again);
  }

  /** Looks at the flags now and does what they ask for. Never fails: what went wrong is told and tried again. */
  async poll(): Promise<void> {
    while (this.look !== undefined) await this.look;
    this.look = this.once().finally(() => (this.look = undefined));
    await this.look;
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.look;
    await this.relay.stop();
    if (this.registered) await this.store.unregister(this.id).catch(() => undefined);
  }

  private async once(): Promise<void> {
    if (this.stopped) return;
    try {
      let flags = await this.store.read();
      if (!this.registered) {
        // First be counted, then look again: whoever announces a change must know of everybody who is open.
        await this.beat(flags);
        flags = await this.store.read();
      }
      this.flags = flags;
      this.told = '';
      if (flags.announcement === null) this.follow(flags);
      else await this.becomeQuiet(flags);
      await this.beat(flags);
    } catch (error) {
      this.unreadable(error);
    }
  }

  private follow(flags: Flags): void {
    this.quiet = '';
    this.gate.open(flags.phase);
    if (PHASES[flags.phase].dualWrite) this.relay.start();
    else void this.relay.stop();
  }

  private async becomeQuiet(flags: Flags): Promise<void> {
    const { announcement } = flags;
    if (announcement === null) return;
    if (Date.now() > announcement.deadline) {
      // Whoever announced it is gone. The switch has the announcement as its condition, so this can't miss one.
      await this.store.withdraw(announcement.id);
      return;
    }
    this.gate.close();
    if (!(await this.gate.idle(IDLE_WAIT_MS))) return;
    await this.relay.stop();
    if (this.quiet !== announcement.id) this.lastBeat = 0;
    this.quiet = announcement.id;
  }

  private async beat(flags: Flags): Promise<void> {
    if (Date.now() - this.lastBeat < BEAT_MS) return;
    try {
      const { generation } = flags;
      await this.store.beat({ id: this.id, beat: Date.now(), generation, quiet: this.quiet });
      if (!this.registered) await this.store.register(this.id);
      this.registered = true;
      this.lastBeat = Date.now();
    } catch (error) {
      // Before the tables are deployed there is nobody to tell, and nothing that could change.
      if (!(error instanceof Error) || error.name !== 'ResourceNotFoundException') throw error;
    }
  }

  private unreadable(error: unknown): void {
    const reason = errorName(error);
    if (this.told !== reason) this.events.add('flags', 'The flags can not be read.', { error: reason });
    this.told = reason;
    if (this.flags === undefined) {
      const message = `The phase of the migration can not be read (${reason}), so no store is used.`;
      this.gate.refuse(Object.assign(new Error(message), { code: 'FLAGS_UNREADABLE' }));
      return;
    }
    const { announcement } = this.flags;
    // The way into phase 5 is the only change under which the old phase would do harm.
    if (announcement !== null && announcement.to !== 5 && Date.now() > announcement.deadline) this.follow(this.flags);
  }
}
