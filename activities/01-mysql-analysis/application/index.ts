import type { Project } from 'ts-morph';
import { locateCallSites } from './call-sites.ts';
import type { LocatedCallSite } from './located.ts';

export { locateCallSites, type FoundCallSites } from './call-sites.ts';
export { toCallSite } from './located.ts';
export type {
  HelperCall,
  LocatedCallSite,
  LocatedInput,
  ResultBinding,
  SliceLeftover,
  SliceReference,
} from './located.ts';
export { openProject, type ApplicationSource } from './project.ts';

/** The call sites of an opened application; see {@link locateCallSites} for what can't be resolved as well. */
export function findCallSites(project: Project, root: string): readonly LocatedCallSite[] {
  return locateCallSites(project, root).callSites;
}
export { analyseApplication, analyseProject } from './analyse.ts';
