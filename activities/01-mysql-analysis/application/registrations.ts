import { Node, type CallExpression } from 'ts-morph';
import type { UnresolvedAccess } from '../../../core/data-access.ts';
import { comparePlaces } from './helpers.ts';
import { eachOf, optionOf, pathsOf } from './constant-paths.ts';
import { isCallable, isErrorHandler } from './handler-types.ts';
import { importedName } from './imports.ts';
import { unresolvedAt } from './other-access.ts';
import { before, described, hooked, registered } from './plugin-routes.ts';
import type { RouterOrigin, Routers } from './routers.ts';
import { isFunctionNode, unwrap } from './syntax.ts';

/** One line of a router's set-up, in the order in which the router meets them. */
export type Registration =
  | {
      readonly kind: 'route';
      readonly call: Node;
      readonly methods: readonly string[];
      readonly path: string;
      readonly middleware: readonly Node[];
      readonly handler: Node;
    }
  | { readonly kind: 'guard'; readonly call: Node; readonly path: string; readonly middleware: readonly Node[] }
  | {
      readonly kind: 'mount';
      readonly call: Node;
      readonly path: string;
      readonly middleware: readonly Node[];
      readonly router: RouterOrigin;
    };

const METHODS = new Set(['get', 'post', 'put', 'patch', 'delete', 'del', 'head', 'options', 'all', 'on']);
const MOUNTING = new Set(['use', 'route', 'register', 'addHook', 'ext', 'prefix']);

/** Reads every router's set-up. A path that isn't constant is reported, not guessed. */
export function registrations(
  calls: readonly CallExpression[],
  routers: Routers,
  root: string,
): { byRouter: Map<RouterOrigin, Registration[]>; unresolved: UnresolvedAccess[] } {
  const byRouter = new Map<RouterOrigin, Registration[]>();
  const unresolved: UnresolvedAccess[] = [];
  const report = (call: Node, reason: string): void => {
    unresolved.push(unresolvedAt(call, reason, root));
  };
  for (const call of calls) {
    const callee = unwrap(call.getExpression());
    if (!Node.isPropertyAccessExpression(callee)) continue;
    const name = callee.getName();
    if (!METHODS.has(name) && !MOUNTING.has(name)) continue;
    const grouped = routeGroup(callee.getExpression());
    const owners = grouped ? routers.origins(grouped.base) : routers.origins(callee.getExpression());
    for (const owner of owners) {
      const found = METHODS.has(name)
        ? route(call, name, grouped?.path, owner, report)
        : mount(call, name, owner, routers, report);
      byRouter.set(owner, [...(byRouter.get(owner) ?? []), ...found]);
    }
  }
  // `app.use(a).get('/x', b)`: by where a call ends, since the chain's first call starts where its last one does.
  for (const list of byRouter.values()) {
    list.sort((left, right) =>
      left.call.getSourceFile() === right.call.getSourceFile()
        ? left.call.getEnd() - right.call.getEnd()
        : comparePlaces(left.call, right.call),
    );
  }
  return { byRouter, unresolved };
}

/** Says what of the set-up can't be told. */
export type Report = (call: Node, reason: string) => void;

/** `router.route('/x').get(…).post(…)`: the router and the path. */
function routeGroup(node: Node): { base: Node; path: Node } | undefined {
  const bare = unwrap(node);
  const callee = Node.isCallExpression(bare) ? unwrap(bare.getExpression()) : undefined;
  if (!Node.isCallExpression(bare) || !Node.isPropertyAccessExpression(callee)) return undefined;
  const [path] = bare.getArguments();
  if (callee.getName() === 'route' && path && bare.getArguments().length === 1)
    return { base: callee.getExpression(), path };
  return METHODS.has(callee.getName()) ? routeGroup(callee.getExpression()) : undefined;
}

function route(
  call: CallExpression,
  name: string,
  group: Node | undefined,
  owner: RouterOrigin,
  report: Report,
): Registration[] {
  const given = call.getArguments();
  if (name === 'on') return listened(call, given, owner, report);
  const [first, ...rest] = group ? [group, ...given] : given;
  // `app.get('setting')` reads a setting.
  if (first === undefined || rest.length === 0) return [];
  // Koa's routes may have a name: `router.get('thing', '/things/:id', …)`.
  const named = owner.framework === 'koa' && rest.length > 1 && rest[0] ? pathsOf(rest[0]) : undefined;
  const paths = named ?? pathsOf(first);
  if (paths === undefined) {
    report(call, 'the path of the route is not a constant');
    return [];
  }
  const methods = [name === 'del' ? 'DELETE' : name.toUpperCase()];
  return withHandlers(call, methods, paths, named ? rest.slice(1) : rest);
}

/** Hono: `app.on(['GET', 'POST'], '/x', …)`. */
function listened(call: CallExpression, given: readonly Node[], owner: RouterOrigin, report: Report): Registration[] {
  const [verbs, place, ...handlers] = given;
  if (owner.framework !== 'hono' || verbs === undefined || place === undefined) return [];
  const [methods, paths] = [pathsOf(verbs), pathsOf(place)];
  if (methods && paths)
    return withHandlers(
      call,
      methods.map((each) => each.toUpperCase()),
      paths,
      handlers,
    );
  report(call, 'method or path of the route is not a constant');
  return [];
}

function withHandlers(
  call: CallExpression,
  methods: readonly string[],
  paths: readonly string[],
  given: readonly Node[],
): Registration[] {
  const handlers = given.flatMap(eachOf);
  const last = handlers.at(-1);
  // Fastify's options stand between path and handler, or hold the handler.
  const options = handlers.filter((each) => Node.isObjectLiteralExpression(unwrap(each)));
  const handler = last && optionOf(last, 'handler') ? optionOf(last, 'handler') : last;
  if (handler === undefined || handler === options.at(-1)) return [];
  const middleware = [...options.flatMap(before), ...handlers.slice(0, -1).filter((each) => !options.includes(each))];
  return paths.map((path) => ({ kind: 'route', call, methods, path, middleware, handler }));
}

function mount(
  call: CallExpression,
  name: string,
  owner: RouterOrigin,
  routers: Routers,
  report: Report,
): Registration[] {
  const given = call.getArguments();
  const [first] = given;
  if (first === undefined) return [];
  if (name === 'register') return registered(call, owner, routers, report);
  if (name === 'addHook' || name === 'ext') return hooked(call);
  if (name === 'prefix') {
    routers.prefix(owner, pathsOf(first)?.[0]);
    return [];
  }
  if (name !== 'route' || given.length > 1) return mounted(call, given.flatMap(eachOf), routers, report);
  return ['fastify', 'hapi'].includes(owner.framework) ? described(call, first, report) : [];
}

function mounted(call: CallExpression, given: readonly Node[], routers: Routers, report: Report): Registration[] {
  const [first, ...others] = given;
  const isPath =
    first !== undefined &&
    others.length > 0 &&
    !isFunctionNode(unwrap(first)) &&
    !isCallable(first) &&
    routers.origins(first).length === 0;
  const paths = isPath ? pathsOf(first) : ['/'];
  if (paths === undefined) {
    report(call, 'the path of the mounted router is not a constant');
    return [];
  }
  const result: Registration[] = [];
  const middleware: Node[] = [];
  for (const argument of isPath ? others : given) {
    const below = mountedBelow(argument);
    const each = below?.inner ?? argument;
    if (isAllowedMethods(each)) continue;
    const children = routers.origins(each);
    for (const path of below ? below.paths : paths)
      for (const router of children) result.push({ kind: 'mount', call, path, middleware: [...middleware], router });
    if (children.length === 0) middleware.push(each);
  }
  const guards = middleware.filter((each) => !isErrorHandler(each));
  if (result.length === 0 && guards.length > 0)
    for (const path of paths) result.push({ kind: 'guard', call, path, middleware: guards });
  return result;
}

/** Koa: `mount('/x', router.routes())` of the package koa-mount. */
function mountedBelow(node: Node): { inner: Node; paths: readonly string[] } | undefined {
  const bare = unwrap(node);
  if (!Node.isCallExpression(bare) || importedName(bare.getExpression())?.module !== 'koa-mount') return undefined;
  const [path, inner] = bare.getArguments();
  if (path && inner) return { inner, paths: pathsOf(path) ?? ['/'] };
  return path && { inner: path, paths: ['/'] };
}

/** Koa's `router.allowedMethods()` answers OPTIONS and wrong methods; it mounts nothing. */
function isAllowedMethods(node: Node): boolean {
  const bare = unwrap(node);
  const callee = Node.isCallExpression(bare) ? bare.getExpression() : undefined;
  return Node.isPropertyAccessExpression(callee) && callee.getName() === 'allowedMethods';
}
