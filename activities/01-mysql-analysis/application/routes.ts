import { Node, type CallExpression, type Project } from 'ts-morph';
import type { Route, UnresolvedAccess } from '../../../core/data-access.ts';
import { CallGraph } from './call-graph.ts';
import type { LocatedCallSite } from './located.ts';
import { registrations, type Registration } from './registrations.ts';
import { frameworkOf, Routers, type RouterOrigin } from './routers.ts';
import { excerpt, isFunctionNode, relativeFile, unwrap } from './syntax.ts';

export interface FoundRoutes {
  readonly framework: string;
  readonly routes: readonly Route[];
  readonly unresolved: readonly UnresolvedAccess[];
}

type Draft = Omit<Route, 'id'> & { readonly call: Node };

/** Every endpoint with its full path, what stands in front of it, and the statements that it can reach. */
export function findRoutes(
  project: Project,
  calls: readonly CallExpression[],
  sites: readonly LocatedCallSite[],
  root: string,
): FoundRoutes {
  const routers = new Routers(calls);
  // Twice: what a plugin's parameter is only becomes known when its registration is read.
  registrations(calls, routers, root);
  const { byRouter, unresolved } = registrations(calls, routers, root);
  const reach = new Reach(project, sites);
  const drafts: Draft[] = [];
  const visited = new Set<RouterOrigin>();
  const walk = (origin: RouterOrigin, prefix: string, guards: readonly Node[], path: readonly RouterOrigin[]): void => {
    if (path.includes(origin)) return;
    visited.add(origin);
    const standing: { path: string; node: Node }[] = guards.map((node) => ({ path: '', node }));
    for (const each of byRouter.get(origin) ?? []) {
      const full = joinPaths(prefix, each.path);
      if (each.kind === 'guard') standing.push(...each.middleware.map((node) => ({ path: full, node })));
      const before = standing.filter((one) => covers(one.path, full)).map((one) => one.node);
      if (each.kind === 'mount') walk(each.router, full, [...before, ...each.middleware], [...path, origin]);
      if (each.kind === 'route') drafts.push(...routeDrafts(each, full, [...before, ...each.middleware], reach, root));
    }
  };
  const mounted = new Set(
    [...byRouter.values()].flat().flatMap((each) => (each.kind === 'mount' ? [each.router] : [])),
  );
  for (const origin of byRouter.keys()) if (!mounted.has(origin)) walk(origin, '', [], []);
  const imported = new Set(
    ownFiles(project).flatMap((file) => file.getImportStringLiterals().map((each) => each.getLiteralValue())),
  );
  const framework = [...visited][0]?.framework ?? frameworkOf(imported);
  return {
    framework,
    routes: numbered(drafts),
    unresolved: [...unresolved, ...notTraced(project, framework, drafts, root)],
  };
}

const ownFiles = (project: Project) =>
  project.getSourceFiles().filter((each) => !each.isInNodeModules() && !each.isDeclarationFile());

function routeDrafts(
  registration: Registration & { kind: 'route' },
  path: string,
  guards: readonly Node[],
  reach: Reach,
  root: string,
): Draft[] {
  const { call, methods, handler } = registration;
  const callSites = reach.from([...guards, handler]);
  const file = relativeFile(call.getSourceFile(), root);
  return methods.map((method) => ({
    call,
    method,
    path,
    file,
    line: call.getStartLineNumber(),
    guards: guards.map(guardName),
    callSites,
  }));
}

function numbered(drafts: readonly Draft[]): Route[] {
  return [...drafts]
    .sort((left, right) =>
      left.file === right.file ? left.call.getEnd() - right.call.getEnd() : left.file < right.file ? -1 : 1,
    )
    .map(({ method, path, file, line, guards, callSites }, index) => ({
      id: `R-${String(index + 1).padStart(3, '0')}`,
      method,
      path,
      file,
      line,
      guards,
      callSites,
    }));
}

/** Call sites inside the functions that code can reach. */
class Reach {
  private readonly graph: CallGraph;
  private readonly sites: readonly LocatedCallSite[];
  private readonly known = new Map<Node, readonly string[]>();

  constructor(project: Project, sites: readonly LocatedCallSite[]) {
    this.graph = new CallGraph(project);
    this.sites = sites;
  }

  from(nodes: readonly Node[]): string[] {
    return [...new Set(nodes.flatMap((each) => this.ofNode(each)))].sort();
  }

  private ofNode(node: Node): readonly string[] {
    const known = this.known.get(node);
    if (known) return known;
    const reached = this.graph.reachable(node);
    const found = this.sites
      .filter((site) => site.node.getAncestors().some((each) => reached.has(each)))
      .map((site) => site.id);
    this.known.set(node, found);
    return found;
  }
}

/** `adminGuard` of `adminGuard(config.key)`; the source of a short function without a name. */
function guardName(node: Node): string {
  const bare = unwrap(node);
  if (Node.isCallExpression(bare)) return guardName(bare.getExpression());
  return isFunctionNode(bare) ? 'inline function' : excerpt(bare);
}

export function joinPaths(prefix: string, path: string): string {
  const joined = `${prefix}/${path}`.replace(/\/{2,}/g, '/').replace(/(.)\/$/, '$1');
  return joined === '' ? '/' : joined;
}

/** Whether middleware at one path stands in front of another. */
function covers(guard: string, path: string): boolean {
  return guard === '' || guard === '/' || path === guard || path.startsWith(`${guard}/`);
}

/** A framework that is used and whose routes this analysis can't follow is said, so that no route goes missing silently. */
function notTraced(project: Project, framework: string, drafts: readonly Draft[], root: string): UnresolvedAccess[] {
  if (framework === 'none' || drafts.length > 0) return [];
  const names: Readonly<Record<string, string>> = { nestjs: '@nestjs/common', hapi: '@hapi/hapi' };
  const module = names[framework] ?? framework;
  return ownFiles(project).flatMap((file) => {
    const literal = file.getImportStringLiterals().find((each) => each.getLiteralValue() === module);
    if (literal === undefined) return [];
    const reason = `routes of ${framework} in this file are not traced to their statements`;
    return [
      {
        file: relativeFile(file, root),
        line: literal.getStartLineNumber(),
        reason,
        excerpt: excerpt(literal.getParentOrThrow()),
      },
    ];
  });
}
