import type { Progress } from './stage.ts';

/** What heartbeats carry; the CLI and the Web UI show it. Versioned, for a client may be newer than a worker. */
export type Heartbeat =
  | { readonly version: 1; readonly kind: 'alive'; readonly at: string }
  | { readonly version: 1; readonly kind: 'progress'; readonly at: string; readonly progress: Progress };

/** The one place that makes heartbeats. */
export function heartbeatOf(at: Date, progress?: Progress): Heartbeat {
  if (progress === undefined) return { version: 1, kind: 'alive', at: at.toISOString() };
  return { version: 1, kind: 'progress', at: at.toISOString(), progress };
}

/** The progress in heartbeat details that came from outside; undefined when there is none. */
export function progressIn(details: unknown): Progress | undefined {
  const beat = details as Partial<Heartbeat> | null | undefined;
  return beat?.version === 1 && beat.kind === 'progress' && 'progress' in beat ? beat.progress : undefined;
}
