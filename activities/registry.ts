import { CutoverError } from '../core/errors/index.ts';
import type { Stage } from '../core/stage.ts';
import { STAGE_IDS, type StageId } from '../core/stages.ts';

/**
 * Loads the code of all seven stages. Lazily, so that the orchestrator can be built and tested with other stages,
 * and fails before a worker takes any work when one is missing.
 */
export async function loadStages(): Promise<Stage[]> {
  return Promise.all(STAGE_IDS.map(loadStage));
}

async function loadStage(id: StageId): Promise<Stage> {
  const where = `activities/${id}/index.ts`;
  let module: { stage?: Stage };
  try {
    module = (await import(`./${id}/index.ts`)) as { stage?: Stage };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CutoverError('workflow.stage-unavailable', { where, detail: `It can't be loaded: ${reason}.`, cause });
  }
  if (module.stage?.id === id) return module.stage;
  throw new CutoverError('workflow.stage-unavailable', {
    where,
    detail: `Expected an export \`stage\` with the id ${id}, found ${module.stage?.id ?? 'none'}.`,
  });
}
