import path from 'node:path';
import type { Project, SourceFile } from 'ts-morph';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { Analysis } from '../../../core/analysis.ts';
import { CutoverError } from '../../../core/errors/index.ts';
import type { StageContext } from '../../../core/stage.ts';
import { locateCallSites, openProject } from '../../01-mysql-analysis/application/index.ts';
import type { WorkTree } from '../../application/index.ts';
import { layoutOf, type Layout } from '../move/layout.ts';
import { planMove, type Move } from '../move/move.ts';

/** What stage 1 found. */
export async function readAnalysis(context: StageContext): Promise<Analysis> {
  const bytes = await context.input('stage-01/analysis.json');
  return JSON.parse(Buffer.from(bytes).toString('utf8')) as Analysis;
}

/** The refactoring, planned from the work tree as it stands at its base commit. */
export interface PlannedMove extends Move {
  readonly layout: Layout;
  /** Texts of the application's source files at the base, by path. */
  readonly originals: ReadonlyMap<string, string>;
}

/** Reads the source by the compiler, refuses what can't be moved, and plans every edit of all steps. */
export function planFromSource(context: StageContext, tree: WorkTree, analysis: Analysis): PlannedMove {
  const { sources } = context.plan.application;
  const root = tree.application;
  const project = openProject({ root, sources });
  const files = ownFiles(project);
  const { callSites, unresolved } = locateCallSites(project, root);
  const [first] = unresolved;
  if (first !== undefined) {
    throw new CutoverError('dal.unsupported-shape', {
      where: `${first.file}:${first.line}`,
      detail: `${first.reason} (\`${first.excerpt}\`); ${unresolved.length} such in all.`,
    });
  }
  const layout = layoutOf(root, sources, files, packageType(root));
  const move = planMove(layout, files, callSites, analysis.tables);
  const originals = new Map(files.map((file) => [path.posix.relative(root, file.getFilePath()), file.getFullText()]));
  return { ...move, layout, originals };
}

/** Own source files in the order of their paths. */
export function ownFiles(project: Project): SourceFile[] {
  return project
    .getSourceFiles()
    .filter((file) => !file.isInNodeModules() && !file.isDeclarationFile())
    .sort((a, b) => (a.getFilePath() < b.getFilePath() ? -1 : 1));
}

/** `type` of the application's package.json, by which Node tells ES modules from CommonJS. */
function packageType(root: string): string | undefined {
  const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { type?: string };
  return manifest.type;
}

/** A file of the work tree, undefined where there is none. */
export async function readIfThere(file: string): Promise<string | undefined> {
  return readFile(file, 'utf8').catch(() => undefined);
}
