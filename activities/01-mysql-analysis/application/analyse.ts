import { resolve } from 'node:path';
import type { Project } from 'ts-morph';
import type { ApplicationAnalysis, CallSite, UnresolvedAccess } from '../../../core/data-access.ts';
import { locateCallSites, ownCalls } from './call-sites.ts';
import { driverConventions } from './conventions.ts';
import { toCallSite } from './located.ts';
import { openProject, type ApplicationSource } from './project.ts';
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
  const { framework, routes, unresolved } = findRoutes(project, calls, found.callSites, root);
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
    unresolved: [...found.unresolved, ...unresolved].sort(byPlace),
  };
}

function byPlace(left: UnresolvedAccess, right: UnresolvedAccess): number {
  return left.file === right.file ? left.line - right.line : left.file < right.file ? -1 : 1;
}
