import { Node, type ClassDeclaration, type Project } from 'ts-morph';
import { functionOf, moduleExport, valueOfDeclaration } from './declared.ts';
import { declarationsOf, isFunctionNode, unwrap, type FunctionNode } from './syntax.ts';

/** Which functions of the application a piece of code can run, by the compiler's own resolution of names. */
export class CallGraph {
  private readonly project: Project;
  private readonly direct = new Map<Node, ReadonlySet<FunctionNode>>();
  private implementors: Map<Node, ClassDeclaration[]> | undefined;

  constructor(project: Project) {
    this.project = project;
  }

  /** Everything reachable from some code, itself included. */
  reachable(start: Node): Set<Node> {
    const seen = new Set<Node>([start]);
    const open: Node[] = [start];
    for (let node = open.pop(); node !== undefined; node = open.pop()) {
      for (const target of this.mentioned(node)) {
        if (seen.has(target)) continue;
        seen.add(target);
        open.push(target);
      }
    }
    return seen;
  }

  /** Functions that code calls or hands on: a function that is only passed as an argument may be run as well. */
  private mentioned(node: Node): ReadonlySet<FunctionNode> {
    const known = this.direct.get(node);
    if (known) return known;
    const found = new Set<FunctionNode>();
    this.direct.set(node, found);
    const names = Node.isIdentifier(node)
      ? [node]
      : node.getDescendants().filter((each) => Node.isIdentifier(each) || Node.isPrivateIdentifier(each));
    for (const name of names) {
      const parent = name.getParent();
      if (Node.isTypeReference(parent) || Node.isImportSpecifier(parent)) continue;
      for (const declaration of declarationsOf(name))
        for (const target of this.functionsOf(declaration)) found.add(target);
    }
    found.delete(node as FunctionNode);
    return found;
  }

  private functionsOf(declaration: Node): FunctionNode[] {
    if (declaration.getSourceFile().isDeclarationFile() || declaration.getSourceFile().isInNodeModules()) return [];
    if (Node.isMethodSignature(declaration) || Node.isPropertySignature(declaration))
      return this.implementations(declaration);
    if (Node.isMethodDeclaration(declaration) && declaration.isAbstract()) return this.implementations(declaration);
    if (Node.isClassDeclaration(declaration)) return declaration.getConstructors();
    if (isFunctionNode(declaration)) return [declaration];
    const value = valueOfDeclaration(declaration);
    const target = value && functionOf(value);
    if (target) return [target];
    const required = value && moduleExport(value);
    return value ? functionsIn(unwrap(required ?? value)) : [];
  }

  /** The methods that stand behind one of an interface or of an abstract class. */
  private implementations(signature: Node): FunctionNode[] {
    const owner = signature.getParent();
    const name = Node.hasName(signature) ? signature.getName() : '';
    if (owner === undefined) return [];
    return (this.implementorsOf().get(owner) ?? []).flatMap((each) => {
      const member = each.getInstanceMember(name);
      return isFunctionNode(member) ? [member] : [];
    });
  }

  private implementorsOf(): Map<Node, ClassDeclaration[]> {
    if (this.implementors) return this.implementors;
    const found = new Map<Node, ClassDeclaration[]>();
    for (const file of this.project.getSourceFiles()) {
      if (file.isInNodeModules() || file.isDeclarationFile()) continue;
      for (const declared of file.getDescendants().filter(Node.isClassDeclaration)) {
        const base = declared.getExtends();
        for (const heritage of [...declared.getImplements(), ...(base ? [base] : [])]) {
          for (const owner of declarationsOf(heritage.getExpression())) {
            found.set(owner, [...(found.get(owner) ?? []), declared]);
          }
        }
      }
    }
    this.implementors = found;
    return found;
  }
}

/** A function, or a function inside the call that wraps it: `asyncHandler(async (request, response) => …)`. */
function functionsIn(value: Node): FunctionNode[] {
  if (isFunctionNode(value)) return [value];
  if (!Node.isCallExpression(value)) return [];
  return value.getArguments().flatMap((each) => functionsIn(unwrap(each)));
}
