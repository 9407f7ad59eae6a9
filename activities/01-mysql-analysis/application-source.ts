import { stat } from 'node:fs/promises';
import path from 'node:path';
import { CutoverError } from '../../core/errors/index.ts';
import type { ApplicationAnalysis } from '../../core/data-access.ts';
import type { ApplicationSettings } from '../../core/plan.ts';
import { analyseApplication } from './application/index.ts';

/** Analyses the source folders of the plan. */
export async function analyseSources(application: ApplicationSettings): Promise<ApplicationAnalysis> {
  await requireSources(application);
  return analyseApplication({ root: application.path, sources: [...application.sources] });
}

/** Throws `analysis.sources-missing` unless every source folder exists. */
export async function requireSources(application: ApplicationSettings): Promise<void> {
  for (const folder of application.sources) {
    const place = path.join(application.path, folder);
    const found = await stat(place).catch(() => undefined);
    if (found?.isDirectory() === true) continue;
    throw new CutoverError('analysis.sources-missing', {
      where: place,
      detail: found === undefined ? 'There is nothing at this path.' : 'It is not a folder.',
    });
  }
}
