import type { StageContext } from '../../../core/stage.ts';

/** One thing that was run to judge a step. */
export interface StepCheck {
  readonly name: 'build' | 'lint' | 'tests' | 'traffic';
  readonly command: string;
  readonly passed: boolean;
  readonly milliseconds: number;
  /** Lines of the output that count: `# pass 62`. */
  readonly summary: readonly string[];
}

/** One of the nine steps, as done. */
export interface StepRecord {
  readonly number: number;
  readonly title: string;
  readonly commit: string;
  /** Relative to the application. */
  readonly changedFiles: readonly string[];
  /** Empty where the step changed nothing: then what the step before found still holds. */
  readonly checks: readonly StepCheck[];
  readonly notes: readonly string[];
}

/** The stage's checkpoint. */
export interface DalState {
  readonly base: string;
  /** Where the user's own branches and tags stood before. */
  readonly refs: Readonly<Record<string, string>>;
  readonly steps: readonly StepRecord[];
}

export async function loadState(context: StageContext): Promise<DalState | undefined> {
  return context.checkpoint.load<DalState>();
}

/** Where the artifacts of this stage lie. */
export const ARTIFACT = {
  steps: 'stage-03/steps.json',
  report: 'stage-03/dal_report.md',
  layer: 'stage-03/data-access.json',
  bundle: 'stage-03/branch.bundle',
  traffic: 'stage-03/traffic.jsonl',
} as const;

/** Titles of the nine steps, as tasks.md lists them. */
export const TITLES = [
  'Baseline',
  'Inventory of data access',
  'Interfaces',
  'MySQL implementation',
  'Factory and configuration',
  'Call sites',
  'Transactions as units of work',
  'Driver forbidden elsewhere',
  'Verification and hand-over',
] as const;
