import { Node, type CallExpression } from 'ts-morph';
import type { UnresolvedAccess } from '../../../core/data-access.ts';
import { comparePlaces } from './helpers.ts';
import type { RouterOrigin, Routers } from './routers.ts';
import { isCallable, isErrorHandler } from './handler-types.ts';
import { excerpt, isFunctionNode, relativeFile, unwrap } from './syntax.ts';

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

const METHODS = new Set(['get', 'post', 'put', 'patch', 'delete', 'head', 'options', 'all']);
const MOUNTING = new Set(['use', 'route', 'register']);

/** Reads every router's set-up. A path that isn't constant is reported, not guessed. */
export function registrations(
  calls: readonly CallExpression[],
  routers: Routers,
  root: string,
): { byRouter: Map<RouterOrigin, Registration[]>; unresolved: UnresolvedAccess[] } {
  const byRouter = new Map<RouterOrigin, Registration[]>();
  const unresolved: UnresolvedAccess[] = [];
  const report = (call: Node, reason: string): void => {
    unresolved.push({
      file: relativeFile(call.getSourceFile(), root),
      line: call.getStartLineNumber(),
      reason,
      excerpt: excerpt(call),
    });
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
        ? route(call, name, grouped?.path, report)
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

type Report = (call: Node, reason: string) => void;

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

function route(call: CallExpression, name: string, group: Node | undefined, report: Report): Registration[] {
  const given = call.getArguments();
  const [first, ...rest] = group ? [group, ...given] : given;
  // `app.get('setting')` reads a setting.
  if (first === undefined || rest.length === 0) return [];
  const paths = pathsOf(first);
  if (paths === undefined) {
    report(call, 'the path of the route is not a constant');
    return [];
  }
  const handlers = rest.flatMap((each) => (Node.isArrayLiteralExpression(each) ? each.getElements() : [each]));
  const handler = handlers.at(-1);
  if (handler === undefined) return [];
  // Fastify's options stand between path and handler.
  const middleware = handlers.slice(0, -1).filter((each) => !Node.isObjectLiteralExpression(each));
  return paths.map((path) => ({ kind: 'route', call, methods: [name.toUpperCase()], path, middleware, handler }));
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
  if (name === 'register') return registered(call, owner, routers);
  if (name === 'route') return given.length === 1 ? described(call, first) : mounted(call, given, routers, report);
  return mounted(call, given, routers, report);
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
  for (const each of isPath ? others : given) {
    const children = routers.origins(each);
    for (const path of paths)
      for (const router of children) result.push({ kind: 'mount', call, path, middleware: [...middleware], router });
    if (children.length === 0) middleware.push(each);
  }
  const guards = middleware.filter((each) => !isErrorHandler(each));
  if (result.length === 0 && guards.length > 0)
    for (const path of paths) result.push({ kind: 'guard', call, path, middleware: guards });
  return result;
}

/** Fastify: `app.register(plugin, { prefix: '/x' })`. */
function registered(call: CallExpression, owner: RouterOrigin, routers: Routers): Registration[] {
  const [plugin, options] = call.getArguments();
  const bare = plugin && unwrap(plugin);
  const declared = Node.isIdentifier(bare)
    ? (bare.getSymbol()?.getAliasedSymbol()?.getDeclarations()[0] ?? bare.getSymbol()?.getDeclarations()[0])
    : undefined;
  const value = Node.isVariableDeclaration(declared) ? declared.getInitializer() : declared;
  const target = isFunctionNode(bare) ? bare : isFunctionNode(value) ? value : undefined;
  const [parameter] = target?.getParameters() ?? [];
  if (parameter === undefined) return [];
  const prefix = Node.isObjectLiteralExpression(options) ? options.getProperty('prefix') : undefined;
  const path = Node.isPropertyAssignment(prefix) ? pathsOf(prefix.getInitializerOrThrow())?.[0] : '/';
  return [
    { kind: 'mount', call, path: path ?? '/', middleware: [], router: routers.adopt(parameter, owner.framework) },
  ];
}

/** Fastify: `app.route({ method, url, handler })`. */
function described(call: CallExpression, options: Node): Registration[] {
  if (!Node.isObjectLiteralExpression(options)) return [];
  const read = (name: string): Node | undefined => {
    const property = options.getProperty(name);
    return Node.isPropertyAssignment(property)
      ? property.getInitializer()
      : Node.isMethodDeclaration(property)
        ? property
        : undefined;
  };
  const [method, url, handler] = [read('method'), read('url'), read('handler')];
  const methods = method && pathsOf(method);
  const path = url && pathsOf(url)?.[0];
  if (methods === undefined || path === undefined || handler === undefined) return [];
  return [{ kind: 'route', call, methods: methods.map((each) => each.toUpperCase()), path, middleware: [], handler }];
}

/** The constant strings of an expression: one, several of an array, the source of a regular expression. */
function pathsOf(node: Node): string[] | undefined {
  const bare = unwrap(node);
  if (Node.isStringLiteral(bare) || Node.isNoSubstitutionTemplateLiteral(bare)) return [bare.getLiteralValue()];
  if (Node.isRegularExpressionLiteral(bare)) return [bare.getText()];
  if (Node.isArrayLiteralExpression(bare)) {
    const each = bare.getElements().map(pathsOf);
    return each.includes(undefined) ? undefined : each.flatMap((one) => one ?? []);
  }
  const type = bare.getType();
  const value = type.isStringLiteral() ? type.getLiteralValue() : undefined;
  return typeof value === 'string' ? [value] : undefined;
}
