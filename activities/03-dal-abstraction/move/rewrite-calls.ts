import { Node } from 'ts-morph';
import type { LocatedCallSite } from '../../01-mysql-analysis/application/index.ts';
import type { LayerDesign } from '../design/design.ts';
import { dalInReach } from './dal-in-reach.ts';
import type { EditList } from './edits.ts';
import { handleOf } from '../../01-mysql-analysis/application/driver.ts';
import { refuse, type Handles } from './handles.ts';
import { pathOf, type Layout } from './layout.ts';
import { startWithComments } from './statement-text.ts';

/** Switches every call site to its method; says which files came to need the module's own DAL, and in which step. */
export function rewriteCalls(
  layout: Layout,
  handles: Handles,
  design: LayerDesign<LocatedCallSite>,
  edits: EditList,
): { readonly path: string; readonly step: number }[] {
  const needs: { path: string; step: number }[] = [];
  const rewrite = (callSite: LocatedCallSite, call: (dal: string, unit: string | undefined) => string): void => {
    const file = callSite.node.getSourceFile();
    const step = handles.stepOf(file);
    const { dal, unit, imported } = receiver(layout, handles, callSite);
    if (imported) needs.push({ path: pathOf(layout, file), step });
    const { node } = callSite;
    const text = call(dal, unit);
    edits.add(pathOf(layout, file), { start: node.getStart(), end: node.getEnd(), text, step });
    unwrapAnswer(layout, callSite, step, edits);
  };
  for (const method of design.methods) {
    for (const callSite of method.callSites) {
      rewrite(callSite, (dal, unit) => {
        const given = callSite.inputs.map(({ name, source }) => (name === source ? name : `${name}: ${source}`));
        const input = given.length === 0 ? [] : [`{ ${given.join(', ')} }`];
        return `${dal}.${method.aggregate}.${method.name}(${[...input, ...(unit === undefined ? [] : [unit])].join(', ')})`;
      });
    }
  }
  for (const callSite of design.pings) rewrite(callSite, (dal) => `${dal}.ping()`);
  removeSlices(layout, handles, design, edits);
  return needs;
}

function receiver(
  layout: Layout,
  handles: Handles,
  callSite: LocatedCallSite,
): { dal: string; unit: string | undefined; imported: boolean } {
  const { node, receiverNode } = callSite;
  const kinds = receiverNode === undefined ? undefined : handleOf(receiverNode)?.kinds;
  if (receiverNode === undefined || kinds === undefined || callSite.helper !== undefined) {
    throw refuse(layout, node, 'The driver is called through a helper of the application; call the pool directly.');
  }
  if (kinds.includes('connection')) {
    const { text, imported } = dalInReach(layout, handles, node);
    return { dal: text, unit: receiverNode.getText(), imported };
  }
  const name = Node.isPropertyAccessExpression(receiverNode) ? receiverNode.getNameNode() : receiverNode;
  const declaration = handles.declarationOf(name);
  if (declaration === handles.root.declaration) return { dal: layout.variable, unit: undefined, imported: true };
  const held = declaration === undefined ? undefined : handles.held.get(declaration);
  if (held === undefined) throw refuse(layout, node, `It can't be told what ${receiverNode.getText()} is.`);
  const before = receiverNode.getText().slice(0, -name.getText().length);
  return { dal: before + held.newName, unit: undefined, imported: false };
}

/** The driver gives `[rows, fields]`, the DAL gives the rows: takes the brackets away at the place that opens them. */
function unwrapAnswer(layout: Layout, callSite: LocatedCallSite, step: number, edits: EditList): void {
  const { node, binding } = callSite;
  if (binding.kind === 'discarded' || binding.shape === 'rows') return;
  const path = pathOf(layout, node.getSourceFile());
  const at = whereAnswerGoes(node);
  const parent = at.getParent();
  if (Node.isExpressionStatement(parent) || Node.isVoidExpression(parent)) return;
  const held = Node.isVariableDeclaration(parent)
    ? parent.getNameNode()
    : Node.isBinaryExpression(parent) && parent.getRight() === at
      ? parent.getLeft()
      : undefined;
  if (Node.isArrayBindingPattern(held) || Node.isArrayLiteralExpression(held)) {
    const [first, ...more] = held.getElements();
    if (first !== undefined && more.length === 0) {
      edits.add(path, { start: held.getStart(), end: held.getEnd(), text: first.getText(), step });
      return;
    }
  }
  if (Node.isElementAccessExpression(parent) && parent.getArgumentExpression()?.getText() === '0') {
    // `(await …)[0]`: the brackets around the await stay, the index goes.
    edits.add(path, { start: parent.getExpression().getEnd(), end: parent.getEnd(), text: '', step });
    return;
  }
  throw refuse(
    layout,
    node,
    `The answer is ${binding.kind} in a way that is not known; write \`const [rows] = await …\`.`,
  );
}

/** Follows the answer out of `await`, brackets, branches, and out of functions that a retry or the like is given. */
function whereAnswerGoes(node: Node): Node {
  let at = node;
  for (;;) {
    const parent = at.getParent();
    if (Node.isAwaitExpression(parent) || Node.isParenthesizedExpression(parent)) at = parent;
    else if (Node.isConditionalExpression(parent) && parent.getCondition() !== at) at = parent;
    else {
      const given = functionThatGives(at);
      const call = given?.getParent();
      if (given === undefined || !Node.isCallExpression(call) || !call.getArguments().includes(given)) return at;
      at = call;
    }
  }
}

/** The arrow function or function expression whose answer this is. */
function functionThatGives(at: Node): Node | undefined {
  const parent = at.getParent();
  if (Node.isArrowFunction(parent) && parent.getBody() === at) return parent;
  if (!Node.isReturnStatement(parent)) return undefined;
  const owner = parent.getFirstAncestor(
    (one) => Node.isFunctionLikeDeclaration(one) || Node.isFunctionExpression(one) || Node.isArrowFunction(one),
  );
  return Node.isArrowFunction(owner) || Node.isFunctionExpression(owner) ? owner : undefined;
}

/** Removes the statements that only built SQL and values, once all their call sites are methods. */
function removeSlices(layout: Layout, handles: Handles, design: LayerDesign<LocatedCallSite>, edits: EditList): void {
  const all = [...design.methods.flatMap((method) => method.callSites), ...design.pings];
  const stay = new Set<Node>();
  for (const callSite of all) {
    if (callSite.leftovers.some((leftover) => leftover.replacement === undefined)) {
      for (const statement of callSite.sliceStatements) stay.add(statement);
    }
  }
  for (const callSite of all) {
    const file = callSite.node.getSourceFile();
    const path = pathOf(layout, file);
    const step = handles.stepOf(file);
    if (callSite.sliceStatements.some((statement) => stay.has(statement))) continue;
    for (const { node, replacement } of callSite.leftovers) {
      edits.add(path, { start: node.getStart(), end: node.getEnd(), text: replacement ?? node.getText(), step });
    }
    for (const statement of callSite.sliceStatements) {
      const text = file.getFullText();
      let end = statement.getEnd();
      while (text[end] === ' ' || text[end] === '\t') end += 1;
      if (text[end] === '\n') end += 1;
      const from = startWithComments(statement);
      const start = text.slice(0, from).search(/[ \t]*$/);
      edits.add(path, { start, end, text: '', step });
    }
  }
}
