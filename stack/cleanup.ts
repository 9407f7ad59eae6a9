import { signal } from './base/process.ts';
import type { ProcessIdentity } from './base/types.ts';

/** A stack that must not outlive this process. */
export interface Owned {
  processes(): ProcessIdentity[];
  stop(): Promise<void>;
}

const owned = new Set<Owned>();
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
let installed = false;

/** Nothing asynchronous can be done here: each part is asked to end and ends by itself. */
function onExit(): void {
  for (const stack of owned) for (const identity of stack.processes()) signal(identity, 'SIGTERM');
}

async function onSignal(name: NodeJS.Signals): Promise<void> {
  // Somebody else handles it too (a worker that drains): it decides when to exit, and `onExit` does the rest.
  if (process.listenerCount(name) > 1) return;
  await Promise.allSettled([...owned].map((stack) => stack.stop()));
  uninstall();
  // Repeated with the default action, so that our parent sees by what we ended.
  process.kill(process.pid, name);
}

const handlers = Object.fromEntries(SIGNALS.map((name) => [name, () => void onSignal(name)])) as Record<
  (typeof SIGNALS)[number],
  () => void
>;

function uninstall(): void {
  process.off('exit', onExit);
  for (const name of SIGNALS) process.off(name, handlers[name]);
  installed = false;
}

/** Stops the stack when this process ends, unless `disown` is called before. */
export function own(stack: Owned): void {
  owned.add(stack);
  if (installed) return;
  installed = true;
  process.on('exit', onExit);
  for (const name of SIGNALS) process.on(name, handlers[name]);
}

/** The stack has been stopped, or was never ours. */
export function disown(stack: Owned): void {
  owned.delete(stack);
  if (owned.size === 0 && installed) uninstall();
}
