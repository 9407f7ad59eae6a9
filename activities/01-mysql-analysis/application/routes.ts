import { Node, type CallExpression, type Project } from 'ts-morph';
import type { Route, UnresolvedAccess } from '../../../core/data-access.ts';
import { CallGraph } from './call-graph.ts';
import { importedName } from './imports.ts';
import type { LocatedBuilderCall } from './builder-calls.ts';
import type { LocatedCallSite } from './located.ts';
import { nestRoutes } from './nest.ts';
import { unresolvedAt } from './other-access.ts';
import { ownFiles } from './project.ts';
import { rootOf } from './rewrite.ts';
import { registrations, type Registration } from './registrations.ts';
import { frameworkOf, Routers, type RouterOrigin } from './routers.ts';
import { excerpt, isFunctionNode, relativeFile, unwrap } from './syntax.ts';

export interface FoundRoutes {
  readonly framework: string;
  readonly routes: readonly Route[];
  readonly unresolved: readonly UnresolvedAccess[];
}

/** Again until nothing new is found: what a plugin's parameter is only becomes known when its registration is read. */
function settled(calls: readonly CallExpression[], routers: Routers, root: string): ReturnType<typeof registrations> {
  let found = registrations(calls, routers, root);
  for (let level = 0; level < MAX_PLUGIN_LEVELS; level += 1) {
    const again = registrations(calls, routers, root);
    if (again.byRouter.size === found.byRouter.size) return again;
    found = again;
  }
  return found;
}

const MAX_PLUGIN_LEVELS = 8;
const HOOKING = new Set(['fastify', 'hapi']);

type Draft = Omit<Route, 'id'> & { readonly call: Node };

/** Every endpoint with its full path, what stands in front of it, and the statements that it can reach. */
export function findRoutes(
  project: Project,
  calls: readonly CallExpression[],
  sites: readonly LocatedCallSite[],
  builders: readonly LocatedBuilderCall[],
  root: string,
): FoundRoutes {
  const routers = new Routers(calls);
  const { byRouter, unresolved } = settled(calls, routers, root);
  const reach = new Reach(project, sites, builders);
  const drafts: Draft[] = [];
  const unhandled: UnresolvedAccess[] = [];
  const visited = new Set<RouterOrigin>();
  const walk = (origin: RouterOrigin, outer: string, guards: readonly Node[], path: readonly RouterOrigin[]): void => {
    if (path.includes(origin)) return;
    visited.add(origin);
    const prefix = joinPaths(outer, routers.prefixOf(origin));
    const standing: { path: string; node: Node }[] = guards.map((node) => ({ path: '', node }));
    const own = byRouter.get(origin) ?? [];
    // Hooks of Fastify and Hapi stand in front of all routes of their plugin, in whatever order they are written.
    const isFirst = (each: Registration): boolean => HOOKING.has(origin.framework) && each.kind === 'guard';
    for (const each of [...own.filter(isFirst), ...own.filter((one) => !isFirst(one))]) {
      const full = joinPaths(prefix, each.path);
      if (each.kind === 'guard') standing.push(...each.middleware.map((node) => ({ path: full, node })));
      const before = standing.filter((one) => covers(one.path, full)).map((one) => one.node);
      if (each.kind === 'mount') walk(each.router, full, [...before, ...each.middleware], [...path, origin]);
      if (each.kind !== 'route') continue;
      drafts.push(...routeDrafts(each, full, [...before, ...each.middleware], reach, root));
      if (reach.isUnknown(each.handler)) {
        unhandled.push(unresolvedAt(placeOf(each.call), 'what answers the route can not be told', root));
      }
    }
  };
  const nest = nestRoutes(project, calls, root);
  for (const { node, method, path, guards, runs } of nest.routes) {
    drafts.push({
      call: node,
      method,
      path: joinPaths('', path),
      file: relativeFile(node.getSourceFile(), root),
      line: node.getStartLineNumber(),
      guards: guards.map(guardName),
      ...reach.of(runs),
    });
  }
  const mounted = new Set(
    [...byRouter.values()].flat().flatMap((each) => (each.kind === 'mount' ? [each.router] : [])),
  );
  for (const origin of byRouter.keys()) if (!mounted.has(origin)) walk(origin, '', [], []);
  const imported = new Set(
    ownFiles(project).flatMap((file) => file.getImportStringLiterals().map((each) => each.getLiteralValue())),
  );
  const framework = nest.routes.length > 0 ? 'nestjs' : ([...visited][0]?.framework ?? frameworkOf(imported));
  return {
    framework,
    routes: numbered(drafts),
    unresolved: [...unresolved, ...nest.unresolved, ...unhandled, ...notTraced(project, framework, drafts, root)],
  };
}

function routeDrafts(
  registration: Registration & { kind: 'route' },
  path: string,
  guards: readonly Node[],
  reach: Reach,
  root: string,
): Draft[] {
  const { call, methods, handler } = registration;
  const reached = reach.of([...guards, handler]);
  const file = relativeFile(call.getSourceFile(), root);
  return methods.map((method) => ({
    call,
    method,
    path,
    file,
    line: placeOf(call).getStartLineNumber(),
    guards: guards.map(guardName),
    ...reached,
  }));
}

/** In a chain `app.get(…).post(…)` each call starts where the chain does; its own name tells it from the others. */
function placeOf(call: Node): Node {
  const callee = Node.isCallExpression(call) ? call.getExpression() : undefined;
  return Node.isPropertyAccessExpression(callee) ? callee.getNameNode() : call;
}

function numbered(drafts: readonly Draft[]): Route[] {
  return [...drafts]
    .sort((left, right) =>
      left.file === right.file ? left.call.getEnd() - right.call.getEnd() : left.file < right.file ? -1 : 1,
    )
    .map(({ method, path, file, line, guards, callSites, builderCalls }, index) => ({
      id: `R-${String(index + 1).padStart(3, '0')}`,
      method,
      path,
      file,
      line,
      guards,
      callSites,
      ...(builderCalls === undefined ? {} : { builderCalls }),
    }));
}

/** Call sites and calls of query builders inside the functions that code can reach. */
class Reach {
  private readonly graph: CallGraph;
  private readonly places: readonly { readonly id: string; readonly node: Node; readonly isBuilder: boolean }[];
  private readonly known = new Map<Node, readonly (typeof this.places)[number][]>();

  constructor(project: Project, sites: readonly LocatedCallSite[], builders: readonly LocatedBuilderCall[]) {
    this.graph = new CallGraph(project);
    this.places = [
      ...sites.map(({ id, node }) => ({ id, node, isBuilder: false })),
      ...builders.map(({ id, node }) => ({ id, node, isBuilder: true })),
    ];
  }

  of(nodes: readonly Node[]): Pick<Route, 'callSites' | 'builderCalls'> {
    const found = nodes.flatMap((each) => this.ofNode(each));
    const ids = (isBuilder: boolean): string[] =>
      [...new Set(found.filter((each) => each.isBuilder === isBuilder).map((each) => each.id))].sort();
    const builderCalls = ids(true);
    return { callSites: ids(false), ...(builderCalls.length === 0 ? {} : { builderCalls }) };
  }

  /** Whether a handler is neither a function of the application, nor leads to one, nor comes from a package. */
  isUnknown(handler: Node): boolean {
    const bare = unwrap(handler);
    if (isFunctionNode(bare) || this.graph.reachable(handler).size > 1) return false;
    const from = Node.isCallExpression(bare) ? bare.getExpression() : bare;
    return importedName(from) === undefined && importedName(rootOf(from)) === undefined;
  }

  private ofNode(node: Node): readonly (typeof this.places)[number][] {
    const known = this.known.get(node);
    if (known) return known;
    const reached = this.graph.reachable(node);
    const found = this.places.filter((each) => each.node.getAncestors().some((outer) => reached.has(outer)));
    this.known.set(node, found);
    return found;
  }
}

/** `adminGuard` of `adminGuard(config.key)`; the source of a short function without a name. */
function guardName(node: Node): string {
  const bare = unwrap(node);
  if (Node.isCallExpression(bare) || Node.isNewExpression(bare)) return guardName(bare.getExpression());
  if (Node.isStringLiteral(bare)) return bare.getLiteralValue();
  if (Node.isFunctionExpression(bare)) return bare.getName() ?? 'inline function';
  return isFunctionNode(bare) ? 'inline function' : excerpt(bare);
}

export function joinPaths(prefix: string, path: string): string {
  const joined = `${prefix}/${path}`.replace(/\/{2,}/g, '/').replace(/(.)\/$/, '$1');
  return joined === '' ? '/' : joined;
}

/** Whether middleware at one path stands in front of another; `/admin/*` is what is below `/admin`. */
function covers(pattern: string, path: string): boolean {
  const guard = pattern.replace(/\/?\*$/, '');
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
