/** The seven stages in the order of their dependencies; the ids are the names of their specs and folders. */
export const STAGE_IDS = [
  '01-mysql-analysis',
  '02-dynamodb-data-modeling',
  '03-dal-abstraction',
  '04-dynamodb-implementation',
  '05-feature-flags-system',
  '06-infrastructure-deployment',
  '07-data-migration-execution',
] as const;

export type StageId = (typeof STAGE_IDS)[number];

/** True when `value` names one of the seven stages. */
export function isStageId(value: unknown): value is StageId {
  return (STAGE_IDS as readonly unknown[]).includes(value);
}
