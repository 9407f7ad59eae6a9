import type { Stage } from '../core/stage.ts';
import { migrationActivities } from './orchestration/migration-activities.ts';
import type { Redactor } from './orchestration/redactor.ts';
import { stageActivities } from './orchestration/stage-activities.ts';

/** An activity as the worker registers it. */
export type Activity = (...args: never[]) => Promise<unknown>;

/** All activities of a worker by their type names: `migration.<step>` and `<stage-id>.<step>`. */
export function createActivities(stages: readonly Stage[], redactor: Redactor): Record<string, Activity> {
  const groups: readonly (readonly [string, object])[] = [
    ['migration', migrationActivities(redactor)],
    ...stages.map((stage) => [stage.id, stageActivities(stage, redactor)] as const),
  ];
  return Object.fromEntries(
    groups.flatMap(([prefix, group]) =>
      Object.entries(group).map(([step, activity]) => [`${prefix}.${step}`, activity as Activity]),
    ),
  );
}
