import { Node, type CallExpression } from 'ts-morph';
import { eachOf, optionOf, pathsOf } from './constant-paths.ts';
import { functionOf, moduleExport } from './declared.ts';
import { importedName } from './imports.ts';
import { Origins } from './origins.ts';
import type { Registration, Report } from './registrations.ts';
import type { RouterOrigin, Routers } from './routers.ts';
import { programOf } from './program.ts';
import { unwrap, unwrapAwait, type FunctionNode } from './syntax.ts';

/** Options of a route, and of its `options` or `config`, that run before the handler. */
const BEFORE = ['onRequest', 'preParsing', 'preValidation', 'preHandler', 'pre', 'auth'];

/** Object and array literals that a name stands for, in whatever file. */
const literals = new Origins<Node>((node) =>
  Node.isObjectLiteralExpression(node) || Node.isArrayLiteralExpression(node) ? [node] : undefined,
);

/** Fastify and Hapi: `register(plugin, { prefix })`, `register({ plugin, routes: { prefix } })`. */
export function registered(
  call: CallExpression,
  owner: RouterOrigin,
  routers: Routers,
  report: Report,
): Registration[] {
  const [given, options] = call.getArguments();
  return eachOf(given).flatMap((each): Registration[] => {
    const described = optionOf(each, 'plugin');
    if (/autoload/.test(moduleOf(described ?? each) ?? '')) {
      report(call, 'routes are loaded from the files of a folder when the program runs');
      return [];
    }
    const own = described ? each : options;
    const target = pluginFunction(described ?? each);
    const [parameter] = target?.getParameters() ?? [];
    if (target === undefined) {
      if (/^\.{1,2}\//.test(moduleOf(each) ?? '') || moduleOf(each) === undefined)
        report(call, 'the plugin that is registered can not be told');
      return [];
    }
    if (parameter === undefined) return [];
    if (isSharing(target)) {
      routers.share(parameter, owner);
      return [];
    }
    const prefix = optionOf(own, 'prefix') ?? optionOf(optionOf(own, 'routes'), 'prefix');
    const paths = prefix === undefined ? ['/'] : pathsOf(prefix);
    if (paths === undefined) {
      report(call, 'the prefix of the plugin is not a constant');
      return [];
    }
    return paths.map((path) => ({
      kind: 'mount',
      call,
      path,
      middleware: [],
      router: routers.adopt(parameter, owner.framework),
    }));
  });
}

/** `fp(plugin)` of fastify-plugin: what the plugin registers is registered on the one that it is given to. */
function isSharing(target: FunctionNode): boolean {
  const around = [target, ...programOf(target).wrappersOf(target)].map((each) => each.getParent());
  return around.some(
    (each) => Node.isCallExpression(each) && importedName(each.getExpression())?.module === 'fastify-plugin',
  );
}

/** The function of a plugin: itself, wrapped (`fp(plugin)`), required, imported when it runs, or of an object. */
function pluginFunction(node: Node, depth = 0): FunctionNode | undefined {
  if (depth > 6) return undefined;
  const bare = unwrapAwait(node);
  const direct = functionOf(bare) ?? functionOf(moduleExport(bare));
  if (direct) return direct;
  if (Node.isCallExpression(bare)) {
    const [argument] = bare.getArguments();
    if (bare.getExpression().getText() === 'import' && Node.isStringLiteral(argument)) {
      const file = argument.getSymbol()?.getDeclarations().find(Node.isSourceFile);
      return functionOf(file?.getDefaultExportSymbol()?.getDeclarations()[0]);
    }
    return argument && bare.getExpression().getText() !== 'require' ? pluginFunction(argument, depth + 1) : undefined;
  }
  for (const literal of literals.of(bare)) {
    const register = optionOf(literal, 'register');
    const found = register && pluginFunction(register, depth + 1);
    if (found) return found;
  }
  const [wrapped] = wrappers.of(bare);
  return wrapped && pluginFunction(wrapped, depth + 1);
}

/** `const plugin = fp(async (app) => …)`, in whatever file. */
const wrappers = new Origins<Node>((node) => {
  const isWrapper = Node.isCallExpression(node) && node.getExpression().getText() !== 'require';
  return isWrapper && functionOf(node.getArguments()[0]) ? node.getArguments().slice(0, 1) : undefined;
});

/** The package that a plugin comes from, or undefined when it is not taken from one directly. */
function moduleOf(node: Node): string | undefined {
  const bare = unwrapAwait(node);
  if (Node.isCallExpression(bare)) {
    const [argument] = bare.getArguments();
    return Node.isStringLiteral(argument) ? argument.getLiteralValue() : moduleOf(bare.getExpression());
  }
  const root = Node.isPropertyAccessExpression(bare) ? bare.getExpression() : bare;
  for (const declaration of root.getSymbol()?.getDeclarations() ?? []) {
    const imported = declaration.getFirstAncestor(Node.isImportDeclaration);
    if (imported) return imported.getModuleSpecifierValue();
    const value = Node.isVariableDeclaration(declaration) ? declaration.getInitializer() : undefined;
    if (value && Node.isCallExpression(unwrap(value))) return moduleOf(value);
  }
  return undefined;
}

/** Fastify and Hapi: `route({ method, url or path, handler })`, also as a list. */
export function described(call: CallExpression, given: Node, report: Report): Registration[] {
  const found = literals.of(given).flatMap(eachOf);
  const all = found.flatMap((each) => (Node.isObjectLiteralExpression(unwrap(each)) ? [each] : literals.of(each)));
  if (all.length === 0) {
    report(call, 'the description of the route is not a constant');
    return [];
  }
  return all.flatMap((options): Registration[] => {
    const inner = optionOf(options, 'options') ?? optionOf(options, 'config');
    const [method, url] = [optionOf(options, 'method'), optionOf(options, 'url') ?? optionOf(options, 'path')];
    const handler = optionOf(options, 'handler') ?? optionOf(inner, 'handler');
    const methods = method && pathsOf(method);
    const path = url && pathsOf(url)?.[0];
    if (methods === undefined || path === undefined || handler === undefined) {
      report(options, 'method, path or handler of the route is not a constant');
      return [];
    }
    const middleware = [...before(options), ...before(inner)];
    const upper = methods.map((each) => (each === '*' ? 'ALL' : each.toUpperCase()));
    return [{ kind: 'route', call: all.length > 1 ? options : call, methods: upper, path, middleware, handler }];
  });
}

/** What a route's options run before the handler. */
export function before(options: Node | undefined): Node[] {
  return BEFORE.flatMap((name) => eachOf(optionOf(options, name))).filter((each) => !Node.isFalseLiteral(unwrap(each)));
}

/** Fastify's `addHook('preHandler', …)`, Hapi's `ext('onPreAuth', …)`: in front of every route of the plugin. */
export function hooked(call: CallExpression): Registration[] {
  const [name, hook] = call.getArguments();
  const event = name && pathsOf(name)?.[0];
  if (event === undefined || hook === undefined) return [];
  const isBefore =
    BEFORE.includes(event) || ['onPreAuth', 'onCredentials', 'onPostAuth', 'onPreHandler'].includes(event);
  return isBefore ? [{ kind: 'guard', call, path: '/', middleware: [hook] }] : [];
}
