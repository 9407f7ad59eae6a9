import { Node } from 'ts-morph';
import { calledFunction, moduleExport, returnedBy, valueOfDeclaration } from './declared.ts';
import { programOf } from './program.ts';
import { declarationsOf, isFunctionNode, unwrap, unwrapAwait } from './syntax.ts';

/** Says what a node is, or undefined to follow it further. `of` asks the same of another node. */
export type Match<T> = (node: Node, of: (node: Node) => readonly T[]) => readonly T[] | undefined;

/** Enough for a value that goes through a factory, a container and two constructors. */
const MAX_DEPTH = 24;

/**
 * Follows a value back to where it was made, without types: through variables, fields, parameters and those who call,
 * returns, exports, and names that a framework hangs it on.
 */
export class Origins<T> {
  private readonly match: Match<T>;
  private readonly known = new WeakMap<Node, readonly T[]>();
  private readonly open = new Set<Node>();

  constructor(match: Match<T>) {
    this.match = match;
  }

  of(node: Node): readonly T[] {
    const bare = unwrapAwait(node);
    const known = this.known.get(bare);
    if (known) return known;
    if (this.open.has(bare) || this.open.size > MAX_DEPTH) return [];
    this.open.add(bare);
    try {
      const found = [...new Set(this.match(bare, (each) => this.of(each)) ?? this.follow(bare))];
      // What was cut off inside a loop is not the whole answer.
      if (this.open.size === 1 || found.length > 0) this.known.set(bare, found);
      return found;
    } finally {
      this.open.delete(bare);
    }
  }

  private follow(node: Node): readonly T[] {
    const all = (nodes: readonly Node[]): T[] => nodes.flatMap((each) => this.of(each));
    if (Node.isIdentifier(node)) return all(declarationsOf(node).filter((each) => each !== node));
    if (Node.isPropertyAccessExpression(node)) return this.ofMember(node);
    if (Node.isConditionalExpression(node)) return all([node.getWhenTrue(), node.getWhenFalse()]);
    if (Node.isBinaryExpression(node)) {
      const operator = node.getOperatorToken().getText();
      return ['||', '??', '&&'].includes(operator) ? all([node.getLeft(), node.getRight()]) : this.of(node.getRight());
    }
    if (Node.isCallExpression(node)) {
      const required = moduleExport(node);
      if (required) return this.of(required);
      const callee = unwrap(node.getExpression());
      const [name] = node.getArguments();
      // `c.get('db')` of what was set under the name.
      if (Node.isPropertyAccessExpression(callee) && callee.getName() === 'get' && Node.isStringLiteral(name)) {
        const attached = all(programOf(node).attachedAs(name.getLiteralValue()));
        if (attached.length > 0) return attached;
      }
      const target = calledFunction(node);
      return target ? all(returnedBy(target)) : [];
    }
    if (Node.isParameterDeclaration(node)) return this.ofParameter(node);
    if (Node.isBindingElement(node)) return this.ofBinding(node);
    const value = valueOfDeclaration(node);
    return all([...(value ? [value] : []), ...programOf(node).assignedTo(node)]);
  }

  private ofMember(node: Node): readonly T[] {
    if (!Node.isPropertyAccessExpression(node)) return [];
    const declarations = declarationsOf(node.getNameNode()).filter(
      (each) => each !== node && !each.getSourceFile().isDeclarationFile(),
    );
    const found = declarations.flatMap((each) => this.of(each));
    if (found.length > 0) return found;
    const own = valueOfDeclaration(node);
    if (own) return this.of(own);
    const inner = this.memberOf(node.getExpression(), node.getName());
    if (inner.length > 0) return inner;
    // `request.db`, `ctx.db`, `app.locals.db`: nobody knows the object's type, but the name was given a value somewhere.
    const isOpen =
      declarations.length === 0 || declarations.every((each) => !Node.isClassDeclaration(each.getParent()));
    return isOpen
      ? programOf(node)
          .attachedAs(node.getName())
          .flatMap((each) => this.of(each))
      : [];
  }

  /** A member of an object that is given as a literal somewhere up the way: `deps.pool` of `start({ pool })`. */
  private memberOf(base: Node, name: string): readonly T[] {
    return objects.of(base).flatMap((each) => {
      const property = Node.isObjectLiteralExpression(each) ? each.getProperty(name) : undefined;
      return property ? this.of(property) : [];
    });
  }

  private ofBinding(node: Node): readonly T[] {
    if (!Node.isBindingElement(node)) return [];
    const pattern = node.getParent();
    const owner = pattern.getParent();
    if (!Node.isObjectBindingPattern(pattern)) return [];
    const name = node.getPropertyNameNode()?.getText() ?? node.getName();
    const source = Node.isVariableDeclaration(owner) ? owner.getInitializer() : owner;
    const found = source ? this.memberOf(source, name) : [];
    if (found.length > 0) return found;
    const property = source?.getType().getProperty(name);
    const declared = (property?.getDeclarations() ?? []).filter((each) => !each.getSourceFile().isDeclarationFile());
    const byType = declared.flatMap((each) => this.of(each));
    return byType.length > 0
      ? byType
      : programOf(node)
          .attachedAs(name)
          .flatMap((each) => this.of(each));
  }

  private ofParameter(node: Node): readonly T[] {
    if (!Node.isParameterDeclaration(node)) return [];
    const target = node.getParent();
    if (!isFunctionNode(target)) return [];
    const index = target.getParameters().indexOf(node);
    const program = programOf(node);
    const given = program.callersOf(target).map((call) => call.getArguments()[index]);
    const initializer = node.getInitializer();
    return [...given, ...handedTo(target, index), initializer].flatMap((each) => (each ? this.of(each) : []));
  }
}

/** `withConnection((connection) => …)`: what the called function gives the function that it is handed. */
function handedTo(callback: Node, index: number): Node[] {
  const call = callback.getParent();
  if (!Node.isCallExpression(call)) return [];
  const target = calledFunction(call);
  const parameter = target?.getParameters()[call.getArguments().indexOf(callback)];
  if (target === undefined || parameter === undefined) return [];
  return target
    .getDescendants()
    .filter(Node.isCallExpression)
    .filter((each) => declarationsOf(unwrap(each.getExpression())).includes(parameter))
    .flatMap((each) => each.getArguments()[index] ?? []);
}

/** Object literals, so that members can be looked up in them. */
const objects = new Origins<Node>((node) => (Node.isObjectLiteralExpression(node) ? [node] : undefined));
