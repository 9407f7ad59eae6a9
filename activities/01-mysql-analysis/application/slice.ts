import { Node, type Statement } from 'ts-morph';
import type { SqlCall } from './helpers.ts';
import type { Inputs } from './inputs.ts';
import type { SliceLeftover, SliceReference } from './located.ts';
import { evaluateCondition } from './truth.ts';
import { mutatedName } from './mutations.ts';
import type { State } from './state.ts';
import { contains, declarationOf, enclosingFunction, isFunctionNode, isModuleLevel, isValueUse } from './syntax.ts';

export interface Slice {
  readonly sliceStatements: readonly Statement[];
  readonly leftovers: readonly SliceLeftover[];
  readonly references: readonly SliceReference[];
}

/**
 * The statements that exist only to build a call's SQL and values. Starts from the names in the call's arguments that
 * are not inputs, takes the statements that declare or change them, and goes on with the names in those.
 */
export function sliceOf(call: SqlCall, state: State, inputs: Inputs): Slice {
  const given = inputs.nodes();
  const isInput = (node: Node): boolean => given.some((each) => (each !== node ? contains(each, node) : true));
  const variables = new Set<Node>();
  const statements = new Set<Statement>();
  const references = new Map<string, SliceReference>();
  const addVariable = (declaration: Node): void => {
    variables.add(declaration);
    for (const statement of statementsOf(declaration)) {
      if (statements.has(statement) || contains(statement, call.node)) continue;
      statements.add(statement);
      open.push(statement);
      // A local function that builds: what it is called with belongs to the slice as well.
      for (const each of declaredIn(statement)) if (!variables.has(each)) addVariable(each);
    }
  };
  const open: Node[] = [call.sql, ...(call.values ? [call.values] : [])];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    for (const name of namesIn(node)) {
      if (isInput(name)) continue;
      const declaration = declarationOf(name);
      if (declaration === undefined || declaration.getSourceFile().isDeclarationFile() || contains(node, declaration))
        continue;
      if (isModuleLevel(declaration)) {
        references.set(name.getText(), { name: name.getText(), declaration });
        continue;
      }
      if (variables.has(declaration) || Node.isParameterDeclaration(declaration)) continue;
      if (state.get(declaration) === undefined && !Node.isFunctionDeclaration(declaration)) continue;
      addVariable(declaration);
    }
  }
  const ordered = [...statements].sort((left, right) => left.getStart() - right.getStart());
  const outermost = ordered.filter((each) => !ordered.some((other) => other !== each && contains(other, each)));
  return {
    sliceStatements: outermost,
    leftovers: leftoversOf(variables, outermost, call, state, inputs),
    references: [...references.values()].sort((left, right) => (left.name < right.name ? -1 : 1)),
  };
}

function namesIn(node: Node): Node[] {
  const names = Node.isIdentifier(node) ? [node] : node.getDescendants().filter(Node.isIdentifier);
  return names.filter((each) => isValueUse(each));
}

function declaredIn(statement: Statement): Node[] {
  if (Node.isVariableStatement(statement)) return statement.getDeclarations();
  return Node.isFunctionDeclaration(statement) ? [statement] : [];
}

/** Where a local name is declared and changed, each as the statement in the block of its declaration. */
function statementsOf(declaration: Node): Statement[] {
  const own = declaration.getFirstAncestor((each): each is Statement => Node.isStatement(each)) ?? declaration;
  const block = own.getParent();
  const result: Statement[] = Node.isStatement(own) ? [own] : [];
  const name =
    Node.isVariableDeclaration(declaration) || Node.isBindingElement(declaration)
      ? declaration.getNameNode()
      : undefined;
  const local = enclosingFunction(declaration);
  if (!Node.isIdentifier(name) || local === undefined) return result;
  for (const use of local.getDescendants().filter(Node.isIdentifier)) {
    if (use.getText() !== name.getText() || declarationOf(use) !== declaration) continue;
    const change = use.getAncestors().find((each) => mutatedName(each) === use || isCallOf(each, use, declaration));
    if (change === undefined) continue;
    const statement = [change, ...change.getAncestors()].find((each) => each.getParent() === block);
    if (Node.isStatement(statement)) result.push(statement);
  }
  return result;
}

/** `set('name = ?', value)`: a call of a local function that builds, standing as a statement of its own. */
function isCallOf(node: Node, use: Node, declaration: Node): boolean {
  const value = Node.isVariableDeclaration(declaration) ? declaration.getInitializer() : declaration;
  const isFunction = isFunctionNode(value);
  return (
    isFunction &&
    Node.isCallExpression(node) &&
    node.getExpression() === use &&
    Node.isExpressionStatement(node.getParent())
  );
}

/** Uses of the slice's names that are neither in the slice nor in an argument of a call that takes SQL. */
function leftoversOf(
  variables: ReadonlySet<Node>,
  slice: readonly Statement[],
  call: SqlCall,
  state: State,
  inputs: Inputs,
): SliceLeftover[] {
  const found = new Map<Node, SliceLeftover>();
  for (const node of slice.flatMap(effectsIn)) found.set(node, { node });
  for (const declaration of variables) {
    const local = enclosingFunction(declaration);
    if (local === undefined) continue;
    for (const use of local.getDescendants().filter(Node.isIdentifier)) {
      if (declarationOf(use) !== declaration || !isValueUse(use)) continue;
      if (slice.some((each) => contains(each, use)) || contains(call.node, use) || isSqlArgument(use)) continue;
      const node = meaningfulAround(use);
      const replacement = replacementOf(node, state, inputs);
      found.set(node, { node, ...(replacement === undefined ? {} : { replacement }) });
    }
  }
  return [...found.values()];
}

/** What a slice statement does besides building: waiting, leaving the function. */
function effectsIn(statement: Statement): Node[] {
  return statement.getDescendants().filter((each) => {
    const isEffect = Node.isAwaitExpression(each) || Node.isReturnStatement(each) || Node.isThrowStatement(each);
    return isEffect && !each.getAncestors().some((outer) => isFunctionNode(outer) && contains(statement, outer));
  });
}

function isSqlArgument(use: Node): boolean {
  return use.getAncestors().some((each) => {
    const callee = Node.isCallExpression(each) ? each.getExpression() : undefined;
    return Node.isPropertyAccessExpression(callee) && ['query', 'execute'].includes(callee.getName());
  });
}

/** `sets.length === 0` around `sets`. */
function meaningfulAround(use: Node): Node {
  let at: Node = use;
  for (let parent = at.getParent(); parent; parent = at.getParent()) {
    const isPart =
      Node.isPropertyAccessExpression(parent) ||
      Node.isBinaryExpression(parent) ||
      Node.isPrefixUnaryExpression(parent) ||
      Node.isParenthesizedExpression(parent);
    if (!isPart) return at;
    at = parent;
  }
  return at;
}

function replacementOf(node: Node, state: State, inputs: Inputs): string | undefined {
  const condition = evaluateCondition(node, state.copy());
  if (condition.kind === 'code') return undefined;
  return inputs.verbatimCondition(condition);
}
