import { dirname, resolve } from 'node:path';
import type { Project } from 'ts-morph';
import type { ApplicationAnalysis, CallSite, UnresolvedAccess } from '../../../core/data-access.ts';
import { locateBuilderCalls, toBuilderCall } from './builder-calls.ts';
import { locateCallSites, ownCalls } from './call-sites.ts';
import { driverConventions } from './conventions.ts';
import { toCallSite } from './located.ts';
import { statementsElsewhere, unresolvedAt } from './other-access.ts';
import { filesLeftOut, openProject, ownFiles, type ApplicationSource } from './project.ts';
import { isWithin } from './source-files.ts';
import { findRoutes } from './routes.ts';
import { transactionUnits } from './transactions.ts';

/** Everything that stage 1 learns from an application's source. Reads files, changes nothing. */
export async function analyseApplication(source: ApplicationSource): Promise<ApplicationAnalysis> {
  return analyseProject(openProject(source), resolve(source.root));
}

/** The same for sources that the compiler has already. */
export function analyseProject(project: Project, root: string): ApplicationAnalysis {
  const calls = ownCalls(project);
  const found = locateCallSites(project, root);
  const transactions = transactionUnits(calls, found.callSites, root);
  const builders = locateBuilderCalls(project, calls, root);
  const { framework, routes, unresolved } = findRoutes(project, calls, found.callSites, builders, root);
  const all = [...found.unresolved, ...unresolved, ...statementsElsewhere(calls, found, builders, root)];
  const unitOf = (id: string): string | undefined => {
    const units = transactions.filter((each) => each.callSites.includes(id));
    // A statement shared by several units belongs to none of them alone; the units list it.
    return units.length === 1 ? units[0]?.id : undefined;
  };
  return {
    framework,
    driver: driverConventions(project),
    routes,
    callSites: found.callSites.map((located): CallSite => {
      const transaction = located.receiver === 'connection' ? unitOf(located.id) : undefined;
      return { ...toCallSite(located), ...(transaction === undefined ? {} : { transaction }) };
    }),
    transactions,
    ...(builders.length === 0 ? {} : { builderCalls: builders.map(toBuilderCall) }),
    unresolved: [...all, ...notRead(project, root)].sort(byPlace),
  };
}

/** Files and imports that the analysis could not look into. */
function notRead(project: Project, root: string): UnresolvedAccess[] {
  const files = filesLeftOut(project).map(({ file, reason }) => ({
    file,
    line: 1,
    reason: `the file is not analysed: ${reason}`,
    excerpt: '',
  }));
  const imports = ownFiles(project).flatMap((file) =>
    file.getImportStringLiterals().flatMap((each): UnresolvedAccess[] => {
      const module = each.getLiteralValue();
      if (!/^[./]/.test(module) || isWithin(root, resolve(dirname(file.getFilePath()), module))) return [];
      return [unresolvedAt(each, "the import leads out of the application's folder and is not analysed", root)];
    }),
  );
  return [...files, ...imports];
}

function byPlace(left: UnresolvedAccess, right: UnresolvedAccess): number {
  return left.file === right.file ? left.line - right.line : left.file < right.file ? -1 : 1;
}
