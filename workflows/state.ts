import type { Step } from '../core/activity-contract.ts';
import type { ArtifactReference, CheckResult } from '../core/artifacts.ts';
import { gateMatches } from '../core/gate-pattern.ts';
import type { GateQuestion, Remark } from '../core/stage.ts';
import type { StageId } from '../core/stages.ts';
import type { GateStatus, Problem, StageStatus, StatusName } from './status.ts';
import { STAGES } from './stage-table.ts';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** One stage while the migration runs: what the operator sees of it, and what later stages need of it. */
interface StageState extends Mutable<StageStatus> {
  /** Where its manifest is, once it was recorded. */
  manifest?: ArtifactReference;
  /** True from before its first step until it was compensated: whatever it did must be undone by a rollback. */
  toUndo: boolean;
}

/** Everything that the migration knows of itself. Changes only through its methods; holds no Temporal types. */
export class MigrationState {
  status: StatusName = 'running';
  /** Index into the stages of the one that is to run next, or runs. */
  position = 0;
  step: Step | 'adopt' | null = null;
  pauseRequested = false;
  problem: Problem | null = null;
  gates: Mutable<GateStatus>[] = [];
  readonly stages: StageState[];
  readonly #rejections: { readonly stage: StageId; readonly remark: Remark }[] = [];
  readonly #now: () => string;

  constructor(now: () => string) {
    this.#now = now;
    this.stages = STAGES.map(({ id, title }) => ({
      id,
      title,
      status: 'pending',
      runs: 0,
      artifacts: 0,
      checks: { passed: 0, total: 0 },
      remarks: [],
      toUndo: false,
    }));
  }

  /** The stage that is to run next, or runs; undefined when all are done. */
  get current(): StageState | undefined {
    return this.stages[this.position];
  }

  /** Manifests of the stages before `id`, in order. */
  manifestsBefore(id: StageId): ArtifactReference[] {
    return this.stages.slice(0, this.#indexOf(id)).flatMap(({ manifest }) => manifest ?? []);
  }

  /** Stages that a rollback to `to` undoes, in the order of undoing. */
  toUndo(to: StageId): StageState[] {
    return this.stages
      .slice(this.#indexOf(to))
      .filter((stage) => stage.toUndo)
      .reverse();
  }

  /** Takes over what earlier runs recorded and left. */
  adopt(startAt: StageId, manifests: readonly ArtifactReference[], leftovers: readonly StageId[]): void {
    this.position = this.#indexOf(startAt);
    for (const [index, manifest] of manifests.entries()) {
      const stage = this.stages[index];
      if (stage !== undefined) Object.assign(stage, { status: 'done', manifest, toUndo: true });
    }
    for (const id of leftovers) this.of(id).toUndo = true;
  }

  /** Registers the compensation of a stage and marks it as running, before anything of it happens. */
  begin(id: StageId): void {
    const stage = this.of(id);
    stage.toUndo = true;
    stage.status = 'running';
    stage.runs += 1;
    stage.startedAt = this.#now();
    delete stage.finishedAt;
    this.gates = this.gates.filter((gate) => gate.stage !== id);
    this.run();
  }

  /** The migration moves on: whatever it was parked for is over. */
  run(): void {
    this.status = 'running';
    this.problem = null;
  }

  /** Notes what `verify` found. */
  checked(id: StageId, checks: readonly CheckResult[]): void {
    const sum = (count: (check: CheckResult) => number): number => checks.reduce((total, c) => total + count(c), 0);
    this.of(id).checks = { passed: sum((check) => check.passed), total: sum((check) => check.total) };
  }

  /** Puts questions before a person. */
  ask(id: StageId, questions: readonly GateQuestion[]): void {
    this.gates.push(...questions.map((question) => ({ ...question, stage: id, state: 'open' as const })));
  }

  /** What the next run of a stage is told of the rejections of its gates. */
  remarksFor(id: StageId): readonly Remark[] {
    return this.#rejections.filter(({ stage }) => stage === id).map(({ remark }) => remark);
  }

  /** Answers the open gates that an id or a pattern means; a rejection leaves its remark with the stage. */
  decide(gate: string, state: 'approved' | 'rejected', by: string, why: string | undefined): number {
    return this.#answer((id) => gateMatches(gate, id), state, by, why);
  }

  /** Approves these gates; for many at once, of which each is looked at once. */
  approve(ids: ReadonlySet<string>, by: string): number {
    return this.#answer((id) => ids.has(id), 'approved', by, undefined);
  }

  #answer(meant: (id: string) => boolean, state: 'approved' | 'rejected', by: string, why: string | undefined): number {
    const open = this.gates.filter((candidate) => candidate.state === 'open' && meant(candidate.id));
    for (const one of open) {
      Object.assign(one, { state, by, ...(why === undefined ? {} : { why }) });
      if (state === 'approved') continue;
      const stage = this.of(one.stage);
      stage.remarks = [...stage.remarks, `${by}: ${why ?? ''}`];
      this.#rejections.push({ stage: one.stage, remark: { gate: one.id, by, why: why ?? '' } });
    }
    return open.length;
  }

  /** A stage is complete and recorded; the next one is up. */
  finish(id: StageId, manifest: ArtifactReference, artifacts: number): void {
    const stage = this.of(id);
    Object.assign(stage, { status: 'done', manifest, artifacts, finishedAt: this.#now() });
    this.step = null;
    this.position = this.#indexOf(id) + 1;
  }

  /** Waits for a person, and says why. */
  park(problem: Problem): void {
    this.status = 'parked';
    this.problem = problem;
    this.step = null;
    const stage = this.of(problem.stage);
    if (problem.step !== 'adopt') stage.status = 'failed';
  }

  /** A stage was undone. */
  undone(id: StageId): void {
    const stage = this.of(id);
    Object.assign(stage, { status: 'rolled-back', artifacts: 0, checks: { passed: 0, total: 0 }, toUndo: false });
    delete stage.manifest;
    delete stage.startedAt;
    delete stage.finishedAt;
    this.gates = this.gates.filter((gate) => gate.stage !== id);
  }

  /** A rollback ended; a retry goes on from here. */
  rolledBackTo(id: StageId): void {
    this.status = 'rolled-back';
    this.step = null;
    this.position = Math.min(this.position, this.#indexOf(id));
  }

  /** The state of a stage by its id. */
  of(id: StageId): StageState {
    const stage = this.stages[this.#indexOf(id)];
    if (stage === undefined) throw new Error(`no stage ${id}`);
    return stage;
  }

  #indexOf(id: StageId): number {
    return STAGES.findIndex((row) => row.id === id);
  }
}
