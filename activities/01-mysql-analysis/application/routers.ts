import { Node, type CallExpression } from 'ts-morph';
import { calledFunction } from './helpers.ts';
import { importedName } from './imports.ts';
import { declarationOf, isFunctionNode, unwrap, unwrapAwait, type FunctionNode } from './syntax.ts';

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
}

/** Finds which routers an expression may be. */
export class Routers {
  private readonly callers = new Map<Node, CallExpression[]>();
  private readonly known = new Map<Node, RouterOrigin>();

  constructor(calls: readonly CallExpression[]) {
    for (const call of calls) {
      const target = calledFunction(call);
      if (target) this.callers.set(target, [...(this.callers.get(target) ?? []), call]);
    }
  }

  /** A parameter that a framework fills with a router of its own: `app.register((instance) => …)`. */
  adopt(parameter: Node, framework: string): RouterOrigin {
    const origin = { node: parameter, framework, isApp: false };
    this.known.set(parameter, origin);
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
      const origin = this.known.get(node) ?? { node, framework: maker.framework, isApp: maker.isApp };
      this.known.set(node, origin);
      return [origin];
    }
    if (!Node.isCallExpression(node)) return [];
    const callee = unwrap(node.getExpression());
    // Methods that give the same router back: `router.routes()`, and chains such as `app.use(…).get(…)`.
    if (Node.isPropertyAccessExpression(callee)) {
      const same = this.origins(callee.getExpression(), depth + 1);
      if (same.length > 0) return callee.getName() === 'route' ? [] : same;
    }
    const target = calledFunction(node);
    return target ? returnedBy(target).flatMap((each) => this.origins(each, depth + 1)) : this.required(node, depth);
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

  /** `require('./routes')` of a module that says `module.exports = router`. */
  private required(node: CallExpression, depth: number): RouterOrigin[] {
    const [argument] = node.getArguments();
    if (node.getExpression().getText() !== 'require' || !Node.isStringLiteral(argument)) return [];
    const file = argument.getSymbol()?.getDeclarations().find(Node.isSourceFile);
    const exported = file
      ?.getDescendants()
      .filter(Node.isBinaryExpression)
      .filter((each) => each.getLeft().getText() === 'module.exports');
    return (exported ?? []).flatMap((each) => this.origins(each.getRight(), depth + 1));
  }
}

/** Expressions that a function may return, inner functions' own returns left out. */
function returnedBy(target: FunctionNode): Node[] {
  const body = Node.isBodyable(target) || Node.isBodied(target) ? target.getBody() : undefined;
  if (body === undefined) return [];
  if (!Node.isBlock(body)) return [body];
  return body
    .getDescendants()
    .filter(Node.isReturnStatement)
    .flatMap((each) => {
      const value = each.getExpression();
      return value && each.getAncestors().find(isFunctionNode) === target ? [value] : [];
    });
}
