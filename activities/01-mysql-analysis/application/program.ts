import { Node, type CallExpression, type NewExpression, type Project } from 'ts-morph';
import { calledFunction, functionOf } from './declared.ts';
import { ownFiles } from './project.ts';
import { declarationOf, unwrap, type FunctionNode } from './syntax.ts';

export type CallLike = CallExpression | NewExpression;

/** Methods of web frameworks that hang a value on an object under a name: `decorate('db', pool)`, `c.set('db', pool)`. */
const ATTACHING = new Set(['decorate', 'decorateRequest', 'set', 'provide']);

/** What the whole program says about a place: who calls a function, what is assigned to a name. */
export class Program {
  private readonly callers = new Map<Node, CallLike[]>();
  private readonly assigned = new Map<Node, Node[]>();
  private readonly handed = new Map<Node, Node[]>();
  private readonly attached = new Map<string, Node[]>();

  constructor(project: Project) {
    for (const file of ownFiles(project)) file.forEachDescendant((node) => this.read(node));
  }

  /** Calls and `new` expressions that run a function or constructor. */
  callersOf(target: Node): readonly CallLike[] {
    return this.callers.get(target) ?? [];
  }

  /** Values assigned to a variable or field after its declaration. */
  assignedTo(declaration: Node): readonly Node[] {
    return this.assigned.get(declaration) ?? [];
  }

  /** Values that the program hangs on some object under a name, whatever object it is. */
  attachedAs(name: string): readonly Node[] {
    return this.attached.get(name) ?? [];
  }

  /** Names of a function that are handed to a call as an argument: `plugin` of `fp(plugin)`. */
  wrappersOf(target: Node): readonly Node[] {
    return this.handed.get(target) ?? [];
  }

  private read(node: Node): void {
    if (Node.isCallExpression(node)) {
      for (const each of node.getArguments()) {
        if (Node.isIdentifier(each)) add(this.handed, functionOf(each), each);
      }
      add(this.callers, calledFunction(node) ?? superConstructor(node), node);
      const callee = node.getExpression();
      const [name, value] = node.getArguments();
      if (Node.isPropertyAccessExpression(callee) && ATTACHING.has(callee.getName()) && Node.isStringLiteral(name)) {
        if (value) add(this.attached, name.getLiteralValue(), value);
      }
    } else if (Node.isNewExpression(node)) add(this.callers, constructorOf(node.getExpression()), node);
    else if (Node.isBinaryExpression(node) && node.getOperatorToken().getText() === '=') this.readAssignment(node);
  }

  private readAssignment(node: Node): void {
    if (!Node.isBinaryExpression(node)) return;
    const target = unwrap(node.getLeft());
    if (Node.isPropertyAccessExpression(target)) {
      add(this.assigned, declarationOf(target.getNameNode()), node.getRight());
      if (!Node.isThisExpression(target.getExpression())) add(this.attached, target.getName(), node.getRight());
    } else if (Node.isIdentifier(target)) add(this.assigned, declarationOf(target), node.getRight());
  }
}

const programs = new WeakMap<Project, Program>();

/** The program that a node belongs to, read once. */
export function programOf(node: Node): Program {
  const project = node.getProject();
  const known = programs.get(project);
  if (known) return known;
  const made = new Program(project);
  programs.set(project, made);
  return made;
}

/** Reads the program anew at the next question: its source may have changed. */
export function forgetProgram(project: Project): void {
  programs.delete(project);
}

function constructorOf(expression: Node, depth = 0): Node | undefined {
  const bare = unwrap(expression);
  const declaration = Node.isIdentifier(bare) || Node.isPropertyAccessExpression(bare) ? declarationOf(bare) : bare;
  const made = Node.isVariableDeclaration(declaration) ? declaration.getInitializer() : declaration;
  if (!Node.isClassDeclaration(made) && !Node.isClassExpression(made)) {
    const target: FunctionNode | undefined = functionOf(declaration);
    return target;
  }
  const [own] = made.getConstructors();
  const base = made.getExtends();
  return own ?? (base && depth < 5 ? constructorOf(base.getExpression(), depth + 1) : undefined);
}

function superConstructor(call: CallExpression): Node | undefined {
  if (!Node.isSuperExpression(call.getExpression())) return undefined;
  const owner = call.getFirstAncestor((each) => Node.isClassDeclaration(each) || Node.isClassExpression(each));
  const base = Node.isClassDeclaration(owner) || Node.isClassExpression(owner) ? owner.getExtends() : undefined;
  return base && constructorOf(base.getExpression());
}

function add<K, V>(map: Map<K, V[]>, key: K | undefined, value: V): void {
  if (key === undefined) return;
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
