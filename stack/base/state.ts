import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Ports } from '../parts/driver.ts';
import { stackDir, stacksDir } from './paths.ts';
import { isRunning } from './process.ts';
import { PART_NAMES, type Endpoints, type PartName, type ProcessIdentity } from './types.ts';

/** One started part, as written down. */
export interface PartState {
  /** Absent while the part is stopped. */
  readonly process?: ProcessIdentity;
  /** Kept when stopped, so that the part comes back on the same ports. */
  readonly ports: Ports;
  readonly endpoint?: Endpoints[keyof Endpoints];
  readonly logFile: string;
}

/** What is written down about a stack: enough to find and to stop exactly what was started, from any process. */
export interface StackState {
  readonly version: 1;
  readonly name: string;
  /** The process that started it. */
  readonly owner: ProcessIdentity;
  /** Whether it is meant to outlive its owner. */
  readonly detached: boolean;
  readonly parts: Partial<Record<PartName, PartState>>;
}

function stateFile(name: string): string {
  return path.join(stackDir(name), 'state.json');
}

/** What was written down about the stack of this name; undefined when there is none, or none that we can read. */
export function readState(name: string): StackState | undefined {
  try {
    const state = JSON.parse(readFileSync(stateFile(name), 'utf8')) as StackState;
    return state.version === 1 ? state : undefined;
  } catch {
    return undefined;
  }
}

/** Writes it down in one step: a reader sees the old or the new state, never half of one. */
export function writeState(state: StackState): void {
  const file = stateFile(state.name);
  mkdirSync(path.dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify(state, null, 2)}\n`);
  renameSync(draft, file);
}

/** The parts of a stack whose very processes still run. */
export function runningParts(state: StackState): PartName[] {
  return PART_NAMES.filter((part) => {
    const identity = state.parts[part]?.process;
    return identity !== undefined && isRunning(identity);
  });
}

/** The same part, stopped: what is left is where it was and is to come back. */
export function withoutProcess(state: PartState): PartState {
  const { ports, endpoint, logFile } = state;
  return { ports, logFile, ...(endpoint === undefined ? {} : { endpoint }) };
}

/** Every stack that was ever started under this home and not removed. */
export function listStacks(): StackState[] {
  if (!existsSync(stacksDir())) return [];
  return readdirSync(stacksDir(), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap((entry) => readState(entry.name) ?? []);
}
