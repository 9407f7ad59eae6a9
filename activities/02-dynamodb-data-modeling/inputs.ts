import type { Analysis } from '../../core/analysis.ts';
import { CutoverError } from '../../core/errors/index.ts';
import type { StageContext } from '../../core/stage.ts';

/** Name of the artifact that this stage reads. */
export const ANALYSIS = 'stage-01/analysis.json';

/** Stage 1's analysis; its hash was verified, its form is checked as far as this stage rests on it. */
export async function readAnalysis(context: StageContext): Promise<Analysis> {
  const invalid = (detail: string, cause?: unknown) =>
    new CutoverError('core.artifact-invalid', { where: ANALYSIS, detail, cause });
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(await context.input(ANALYSIS)).toString('utf8'));
  } catch (cause) {
    if (cause instanceof CutoverError) throw cause;
    throw invalid(`It is no JSON: ${cause instanceof Error ? cause.message : String(cause)}.`, cause);
  }
  if (typeof value !== 'object' || value === null) throw invalid('It is no object.');
  const analysis = value as Partial<Analysis>;
  if (analysis.schemaVersion !== 1) throw invalid(`Expected schemaVersion 1, found ${String(analysis.schemaVersion)}.`);
  for (const field of ['tables', 'accessPatterns', 'dataFindings', 'contradictions'] as const) {
    if (!Array.isArray(analysis[field])) throw invalid(`Expected a list in ${field}.`);
  }
  if (analysis.tables?.length === 0) throw invalid('It has no tables, so there is nothing to model.');
  return value as Analysis;
}
