import { Node, type CallExpression } from 'ts-morph';
import { calledFunction, moduleExport, returnedBy } from './declared.ts';
import { optionOf, pathsOf } from './constant-paths.ts';
import { importedName } from './imports.ts';
import { declarationOf, isFunctionNode, unwrap, unwrapAwait } from './syntax.ts';

/** How an application or a router of a web framework comes to be: the packages and what they export. */
const MAKERS: readonly {
  readonly framework: string;
  readonly module: RegExp;
  readonly names: RegExp;
  readonly isApp: boolean;
}[] = [
  { framework: 'express', module: /^express$/, names: /^(default|\*)$/, isApp: true },
  { framework: 'express', module: /^express$/, names: /^Router$/, isApp: false },
  { framework: 'fastify', module: /^fastify$/, names: /^(default|fastify|\*)$/, isApp: true },
  { framework: 'hono', module: /^hono(\/.*)?$/, names: /^Hono$/, isApp: false },
  { framework: 'hapi', module: /^(@hapi\/hapi|hapi)$/, names: /^(server|Server)$/, isApp: true },
  { framework: 'koa', module: /^koa$/, names: /^(default|\*)$/, isApp: true },
  { framework: 'koa', module: /^(@koa\/router|koa-router)$/, names: /^(default|\*|Router)$/, isApp: false },
];

/** Frameworks told by what is imported, most telling first. */
const FRAMEWORKS = ['@nestjs/common', 'express', 'fastify', 'hono', 'koa', '@hapi/hapi', 'node:http', 'http'];

export function frameworkOf(modules: ReadonlySet<string>): string {
  const found = FRAMEWORKS.find(
    (each) => modules.has(each) || [...modules].some((module) => module.startsWith(`${each}/`)),
  );
  return found === undefined
    ? 'none'
    : found
        .replace('@nestjs/common', 'nestjs')
        .replace('@hapi/hapi', 'hapi')
        .replace(/^(node:)?http$/, 'node:http');
}

/** The place that makes an application or router. The same place is the same router, however it is reached. */
export interface RouterOrigin {
  readonly node: Node;
  readonly framework: string;
  readonly isApp: boolean;
  /** In front of all its paths: `new Router({ prefix: '/x' })`, `new Hono().basePath('/x')`. */
  readonly prefix?: string;
}

/** Finds which routers an expression may be. */
export class Routers {
  private readonly callers = new Map<Node, CallExpression[]>();
  private readonly known = new Map<Node, RouterOrigin>();
  private readonly prefixes = new Map<RouterOrigin, string>();

  constructor(calls: readonly CallExpression[]) {
    for (const call of calls) {
      const target = calledFunction(call);
      if (target) this.callers.set(target, [...(this.callers.get(target) ?? []), call]);
    }
  }

  /** A parameter that a framework fills with a router of its own: `app.register((instance) => …)`. */
  adopt(parameter: Node, framework: string): RouterOrigin {
    return this.remember(parameter, framework, false, undefined);
  }

  /** A parameter that is the very router that the plugin is registered on. */
  share(parameter: Node, owner: RouterOrigin): void {
    this.known.set(parameter, owner);
  }

  /** Koa: `router.prefix('/x')`. */
  prefix(origin: RouterOrigin, prefix: string | undefined): void {
    if (prefix !== undefined) this.prefixes.set(origin, prefix);
  }

  prefixOf(origin: RouterOrigin): string {
    return this.prefixes.get(origin) ?? origin.prefix ?? '';
  }

  private remember(node: Node, framework: string, isApp: boolean, prefix: string | undefined): RouterOrigin {
    const known = this.known.get(node);
    if (known) return known;
    const origin = { node, framework, isApp, ...(prefix === undefined ? {} : { prefix }) };
    this.known.set(node, origin);
    return origin;
  }

  origins(expression: Node, depth = 0): RouterOrigin[] {
    if (depth > 10) return [];
    const bare = unwrapAwait(expression);
    const known = this.known.get(bare);
    if (known) return [known];
    if (Node.isCallExpression(bare) || Node.isNewExpression(bare)) return this.made(bare, depth);
    if (!Node.isIdentifier(bare) && !Node.isPropertyAccessExpression(bare)) return [];
    const declaration = declarationOf(Node.isPropertyAccessExpression(bare) ? bare.getNameNode() : bare);
    return declaration ? this.ofDeclaration(declaration, depth + 1) : [];
  }

  private made(node: Node, depth: number): RouterOrigin[] {
    if (!Node.isCallExpression(node) && !Node.isNewExpression(node)) return [];
    const from = importedName(node.getExpression());
    const maker = from && MAKERS.find((each) => each.module.test(from.module) && each.names.test(from.name));
    if (maker) {
      const prefix = optionOf(node.getArguments()[0], 'prefix');
      return [this.remember(node, maker.framework, maker.isApp, prefix && pathsOf(prefix)?.[0])];
    }
    if (!Node.isCallExpression(node)) return [];
    const callee = unwrap(node.getExpression());
    // Methods that give the same router back: `router.routes()`, and chains such as `app.use(…).get(…)`.
    if (Node.isPropertyAccessExpression(callee)) {
      const same = this.origins(callee.getExpression(), depth + 1);
      const [place] = node.getArguments();
      if (callee.getName() === 'basePath' && place) {
        return same.map((each) => this.remember(node, each.framework, false, pathsOf(place)?.[0]));
      }
      if (same.length > 0) return callee.getName() === 'route' && node.getArguments().length === 1 ? [] : same;
    }
    const target = calledFunction(node);
    if (target) return returnedBy(target).flatMap((each) => this.origins(each, depth + 1));
    const required = moduleExport(node);
    return required ? this.origins(required, depth + 1) : [];
  }

  private ofDeclaration(declaration: Node, depth: number): RouterOrigin[] {
    const known = this.known.get(declaration);
    if (known) return [known];
    if (Node.isExportAssignment(declaration)) return this.origins(declaration.getExpression(), depth);
    if (Node.isParameterDeclaration(declaration)) return this.ofParameter(declaration, depth);
    if (
      Node.isVariableDeclaration(declaration) ||
      Node.isPropertyAssignment(declaration) ||
      Node.isPropertyDeclaration(declaration)
    ) {
      const value = declaration.getInitializer();
      if (value) return this.origins(value, depth);
    }
    if (Node.isShorthandPropertyAssignment(declaration)) {
      const value = declaration.getValueSymbol()?.getValueDeclaration();
      return value ? this.ofDeclaration(value, depth + 1) : [];
    }
    // `private readonly router: Router;` with `this.router = Router()` in the constructor.
    if (Node.isPropertyDeclaration(declaration)) {
      const owner = declaration.getParent();
      return owner
        .getDescendants()
        .filter(Node.isBinaryExpression)
        .flatMap((each) => {
          const isOwn =
            each.getLeft().getText() === `this.${declaration.getName()}` && each.getOperatorToken().getText() === '=';
          return isOwn ? this.origins(each.getRight(), depth + 1) : [];
        });
    }
    if (Node.isBinaryExpression(declaration)) return this.origins(declaration.getRight(), depth + 1);
    const assigned = declaration.getParent();
    return Node.isPropertyAccessExpression(declaration) && Node.isBinaryExpression(assigned)
      ? this.origins(assigned.getRight(), depth + 1)
      : [];
  }

  private ofParameter(parameter: Node, depth: number): RouterOrigin[] {
    const target = parameter.getParent();
    if (!isFunctionNode(target)) return [];
    const index = (target.getParameters() as Node[]).indexOf(parameter);
    return (this.callers.get(target) ?? []).flatMap((call) => {
      const argument = call.getArguments()[index];
      return argument ? this.origins(argument, depth + 1) : [];
    });
  }
}
