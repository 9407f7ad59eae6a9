import { Node, type CallExpression, type Expression } from 'ts-morph';
import { bracketed, conditionSource, quote } from './conditions.ts';
import { evaluateSafely } from './evaluate.ts';
import type { LocatedInput } from './located.ts';
import { freeName, nameCandidates } from './naming.ts';
import { isChain, rewrite, rootOf } from './rewrite.ts';
import { isVisible, tracing } from './run.ts';
import type { State } from './state.ts';
import {
  contains,
  declarationOf,
  declarationsOf,
  isFunctionNode,
  isModuleLevel,
  isValueUse,
  unwrap,
} from './syntax.ts';
import { declaredType, declaredTypeText, typeHere } from './type-text.ts';
import { Untold } from './untold.ts';
import { literalText, lookUp, type Code, type Condition, type Environment } from './values.ts';

interface Draft {
  readonly source: string;
  readonly nodes: Expression[];
  column: string | undefined;
  type: string;
  /** Given by the application only when its conditions hold. */
  guarded: boolean;
}

/** Collects the values that a statement takes from its surroundings while its expressions are written. */
export class Inputs {
  private readonly drafts = new Map<string, Draft>();
  private readonly call: CallExpression;
  private readonly state: State;

  constructor(call: CallExpression, state: State) {
    this.call = call;
    this.state = state;
  }

  /** Code as it would have to be written at the call. */
  verbatim(code: Code): string {
    if (code.kind === 'literal') return literalSource(code.value);
    if (code.kind === 'composed')
      return code.parts.map((each) => (typeof each === 'string' ? each : this.verbatim(each))).join('');
    return rewrite(code.node, (inner) => {
      const meaning = meaningOf(inner, code.environment);
      return meaning && replaced(inner, bracketed(this.verbatim(meaning)));
    });
  }

  verbatimCondition(condition: Condition): string {
    return conditionSource(condition, (code) => this.verbatim(code));
  }

  /** A value that is always bound: the whole expression is evaluated by the caller, as it is today. */
  whole(code: Code, column: string | undefined): string {
    const constant = this.constant(code);
    if (constant !== undefined) return constant;
    if (code.kind !== 'source') return this.write(code, [], column);
    return this.add(this.verbatim(code), code.node, column, typeHere(code.node), false);
  }

  /** Code over inputs, each the longest chain of reads that is safe to evaluate whatever `guards` say. */
  write(code: Code, guards: readonly Condition[], column?: string): string {
    if (code.kind === 'literal') return literalSource(code.value);
    if (code.kind === 'composed') {
      return code.parts.map((each) => (typeof each === 'string' ? each : this.write(each, guards, column))).join('');
    }
    return rewrite(code.node, (inner) => this.replacement(inner, code.node, code.environment, guards, column));
  }

  condition(condition: Condition, guards: readonly Condition[]): string {
    return conditionSource(condition, (code) => this.write(code, guards));
  }

  private replacement(
    node: Node,
    top: Expression,
    environment: Environment | undefined,
    guards: readonly Condition[],
    column: string | undefined,
  ): string | undefined {
    if (Node.isTypeNode(node)) return undefined;
    const meaning = meaningOf(node, environment);
    if (meaning) return replaced(node, bracketed(this.write(meaning, guards, column)));
    if (Node.isCallExpression(node) || Node.isNewExpression(node) || Node.isAwaitExpression(node)) {
      return this.call_(node, environment, guards, column);
    }
    if (!isChain(node) || (Node.isIdentifier(node) && !isValueUse(node)) || isMethodName(node)) return undefined;
    const root = rootOf(node);
    if (Node.isIdentifier(root)) {
      if (isGlobal(root)) return undefined;
      const declaration = declarationOf(root);
      if (declaration && contains(top, declaration)) return undefined;
      const bound = declaration && lookUp(environment, declaration);
      if (bound && !(bound.kind === 'source' && isChain(unwrap(bound.node)))) return undefined;
      if (declaration && !bound && !isVisibleAt(declaration, this.call))
        throw new Untold(`${root.getText()} does not exist at the call`);
    }
    const constant = this.constant({ kind: 'source', node: node as Expression, environment });
    if (constant !== undefined) return replaced(node, constant);
    const safe = safePrefix(node as Expression);
    if (safe !== node) return undefined;
    const source = this.verbatim({ kind: 'source', node: safe, environment });
    return replaced(node, this.add(source, safe, column, declaredTypeText(safe), guards.length > 0));
  }

  /** Calls inside code: methods of plain values stay, short helpers are written out, the rest is the caller's. */
  private call_(
    node: Node,
    environment: Environment | undefined,
    guards: readonly Condition[],
    column: string | undefined,
  ): string | undefined {
    if (Node.isCallExpression(node) && isPlainCall(node)) return undefined;
    const body = Node.isCallExpression(node) ? this.bodyOf(node, environment) : undefined;
    if (body) return bracketed(this.write(body, guards, column));
    const code: Code = { kind: 'source', node: node as Expression, environment };
    const source = this.verbatim(code);
    if (guards.length === 0) return this.add(source, node as Expression, column, typeHere(node as Expression), false);
    const condition = guards.map((each) => bracketed(this.verbatimCondition(each))).join(' && ');
    const type = typeHere(node as Expression);
    const optional = type === 'unknown' ? type : `${type} | undefined`;
    return this.add(`${condition} ? ${source} : undefined`, node as Expression, column, optional, false);
  }

  /** The body of a helper of one expression, with its parameters standing for the arguments. */
  private bodyOf(call: CallExpression, environment: Environment | undefined): Code | undefined {
    const declaration = declarationOf(
      Node.isPropertyAccessExpression(call.getExpression()) ? call : call.getExpression(),
    );
    const target = Node.isVariableDeclaration(declaration) ? declaration.getInitializer() : declaration;
    if (!isFunctionNode(target) || target.getSourceFile().isDeclarationFile()) return undefined;
    if (Node.isAsyncable(target) && target.isAsync()) return undefined;
    const body = Node.isBodyable(target) || Node.isBodied(target) ? target.getBody() : undefined;
    const [statement] = Node.isBlock(body) ? body.getStatements() : [];
    const isOne = Node.isBlock(body) && body.getStatements().length === 1 && Node.isReturnStatement(statement);
    const expression = isOne ? statement.getExpression() : Node.isBlock(body) ? undefined : body;
    if (expression === undefined || usesModule(expression, target)) return undefined;
    let inner: Environment | undefined;
    for (const [index, parameter] of target.getParameters().entries()) {
      const argument = call.getArguments()[index] ?? parameter.getInitializer();
      if (argument === undefined || parameter.isRestParameter() || !Node.isIdentifier(parameter.getNameNode()))
        return undefined;
      inner = {
        declaration: parameter,
        code: { kind: 'source', node: argument as Expression, environment },
        next: inner,
      };
    }
    return { kind: 'source', node: expression as Expression, environment: inner };
  }

  /** The literal that code always gives, if it does. */
  private constant(code: Code): string | undefined {
    if (code.kind === 'literal') return literalSource(code.value);
    if (code.kind !== 'source') return undefined;
    const bare = unwrap(code.node);
    const isName = isChain(bare);
    if (isName) {
      const root = rootOf(bare);
      const declaration = Node.isIdentifier(root) ? declarationOf(root) : undefined;
      if (declaration === undefined || !isModuleLevel(declaration)) return undefined;
    } else if (
      !Node.isLiteralExpression(bare) &&
      !Node.isTrueLiteral(bare) &&
      !Node.isFalseLiteral(bare) &&
      !Node.isNullLiteral(bare)
    ) {
      return undefined;
    }
    const value = tracing(this.call, () => evaluateSafely(bare, this.state.copy()));
    if (value.kind === 'code') return value.code.kind === 'literal' ? literalSource(value.code.value) : undefined;
    const known = value.kind === 'text' ? literalText(value.pieces) : undefined;
    return known === undefined ? undefined : quote(known);
  }

  private add(source: string, node: Expression, column: string | undefined, type: string, guarded: boolean): string {
    const key = source.replace(/\s+/g, ' ');
    const known = this.drafts.get(key);
    if (known) {
      if (!known.nodes.includes(node)) known.nodes.push(node);
      known.column ??= column;
      if (known.guarded && !guarded) [known.type, known.guarded] = [type, false];
    } else this.drafts.set(key, { source, nodes: [node], column, type, guarded });
    return token([...this.drafts.keys()].indexOf(key));
  }

  /** Every node that gives an input. */
  nodes(): Expression[] {
    return [...this.drafts.values()].flatMap((each) => each.nodes);
  }

  /** The inputs in order of use, and what turns the tokens in written code into their names. */
  finish(): { inputs: LocatedInput[]; named: (source: string) => string } {
    const taken = new Set<string>();
    const drafts = [...this.drafts.values()];
    const names = drafts.map((draft) => {
      const [first] = draft.nodes;
      const name = freeName(first ? nameCandidates(first, draft.column) : ['value'], taken);
      taken.add(name);
      return name;
    });
    const inputs = drafts.map((draft, index) => ({
      name: names[index] ?? 'value',
      source: draft.source,
      type: draft.type,
      nodes: [...draft.nodes].sort((left, right) => left.getStart() - right.getStart()),
    }));
    return { inputs, named: (source) => source.replace(/__input(\d+)__/g, (_, index) => names[Number(index)] ?? '') };
  }
}

const token = (index: number): string => `__input${index}__`;

/** `list.join` of `list.join(',')`: the call is what has a meaning. */
function isMethodName(node: Node): boolean {
  const parent = node.getParent();
  return Node.isPropertyAccessExpression(node) && Node.isCallExpression(parent) && parent.getExpression() === node;
}

function literalSource(value: string | number | boolean | null | undefined): string {
  return typeof value === 'string' ? quote(value) : String(value);
}

function meaningOf(node: Node, environment: Environment | undefined): Code | undefined {
  if (environment === undefined || !Node.isIdentifier(node) || !isValueUse(node)) return undefined;
  const declaration = declarationOf(node);
  return declaration && lookUp(environment, declaration);
}

/** `{ limit }` must become `{ limit: … }` when the name is replaced. */
function replaced(node: Node, source: string): string {
  return Node.isShorthandPropertyAssignment(node.getParent()) ? `${node.getText()}: ${source}` : source;
}

function isGlobal(identifier: Node): boolean {
  const declarations = declarationsOf(identifier);
  return declarations.every((each) => each.getSourceFile().isDeclarationFile() && !Node.isImportSpecifier(each));
}

function isVisibleAt(declaration: Node, call: Node): boolean {
  return isModuleLevel(declaration) || isVisible(declaration, call);
}

/** Methods of strings, numbers, arrays and the like, and pure global functions. */
function isPlainCall(call: CallExpression): boolean {
  const callee = unwrap(call.getExpression());
  const name = callee.getText();
  if (/^(Date\.now|Math\.random|crypto\.|performance\.|process\.)/.test(name)) return false;
  const declarations = declarationsOf(Node.isPropertyAccessExpression(callee) ? callee.getNameNode() : callee);
  if (declarations.length === 0) return Node.isPropertyAccessExpression(callee);
  return declarations.every((each) =>
    /\/typescript\/lib\/lib\.|^\/node_modules\/typescript\//.test(each.getSourceFile().getFilePath()),
  );
}

/** Whether a helper's body uses more than its parameters and globals. */
function usesModule(body: Node, target: Node): boolean {
  const names = Node.isIdentifier(body) ? [body] : body.getDescendants().filter(Node.isIdentifier);
  return names.some((each) => {
    if (!isValueUse(each) || isGlobal(each)) return false;
    const declaration = declarationOf(each);
    return declaration !== undefined && !contains(target, declaration);
  });
}

/** The longest part of a chain that can be read even when the conditions around it don't hold. */
function safePrefix(node: Expression): Expression {
  const inner =
    Node.isPropertyAccessExpression(node) || Node.isElementAccessExpression(node) ? node.getExpression() : undefined;
  if (inner === undefined) return node;
  const safe = safePrefix(inner);
  if (safe !== inner) return safe;
  const isOptional = Node.isQuestionDotTokenable(node) && node.hasQuestionDotToken();
  const type = declaredType(inner);
  return !isOptional && (type.isNullable() || type.isUndefined() || type.isNull()) ? inner : node;
}
