import { Node, type CallExpression, type Expression } from 'ts-morph';
import type { LocatedCallSite } from '../../01-mysql-analysis/application/index.ts';
import type { LayerDesign } from '../design/design.ts';
import { handleOf } from '../../01-mysql-analysis/application/driver.ts';
import { answeredByCallback } from './callback-calls.ts';
import { dalInReach } from './dal-in-reach.ts';
import type { Edit, EditList } from './edits.ts';
import type { HelperPlan } from './helper-plan.ts';
import { refuse, type Handles } from './handles.ts';
import { pathOf, type Layout } from './layout.ts';
import { startWithComments } from './statement-text.ts';

/** What a file came to need by its calls, from a step on. */
export interface CallNeeds {
  readonly path: string;
  readonly step: number;
  /** The module's own DAL, or the function that hands a promise's outcome to a callback. */
  readonly name: 'dal' | 'toCallback';
}

/** Switches every call site to its method; says what files came to need by it. */
export function rewriteCalls(
  layout: Layout,
  handles: Handles,
  design: LayerDesign<LocatedCallSite>,
  helpers: ReadonlyMap<Node, HelperPlan>,
  edits: EditList,
): CallNeeds[] {
  const needs: CallNeeds[] = [];
  const rewrite = (callSite: LocatedCallSite, call: (dal: string, unit: string | undefined) => string): void => {
    const { node } = callSite;
    const file = node.getSourceFile();
    const path = pathOf(layout, file);
    const step = handles.stepOf(file);
    const plan = callSite.helper && helpers.get(callSite.helper.declaration);
    const { dal, unit, imported } = plan
      ? throughHelper(layout, handles, node, plan)
      : receiver(layout, handles, callSite);
    if (imported) needs.push({ path, step, name: 'dal' });
    const answer = call(dal, unit);
    if (plan !== undefined && !plan.passes) {
      edits.add(path, { ...answerArgument(layout, node, plan, answer), step });
      return;
    }
    const callback = callSite.style === 'callback' ? node.getArguments().at(-1) : undefined;
    if (Node.isExpression(callback)) {
      edits.add(path, { ...answeredByCallback(layout, node, callback, answer), step });
      needs.push({ path, step, name: 'toCallback' });
      return;
    }
    edits.add(path, { start: node.getStart(), end: node.getEnd(), text: answer, step });
    if (callSite.binding.kind !== 'discarded' && callSite.binding.shape !== 'rows') {
      unwrapAnswer(layout, node, callSite.binding.kind, step, edits);
    }
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

interface Receiver {
  readonly dal: string;
  readonly unit: string | undefined;
  readonly imported: boolean;
}

function receiver(layout: Layout, handles: Handles, { node, receiverNode }: LocatedCallSite): Receiver {
  const kinds = receiverNode === undefined ? undefined : handleOf(receiverNode)?.kinds;
  if (receiverNode === undefined || kinds === undefined)
    throw refuse(layout, node, "It can't be told what it is called on.");
  if (kinds.includes('connection')) {
    const { text, imported } = dalInReach(layout, handles, node);
    return { dal: text, unit: receiverNode.getText(), imported };
  }
  return { ...poolAsDal(layout, handles, receiverNode), unit: undefined };
}

/** What is said in the place of a pool: the module's own DAL, or the name that holds one from then on. */
export function poolAsDal(layout: Layout, handles: Handles, pool: Expression): { dal: string; imported: boolean } {
  const name = Node.isPropertyAccessExpression(pool) ? pool.getNameNode() : pool;
  const declaration = handles.declarationOf(name);
  if (declaration === handles.root.declaration) return { dal: layout.variable, imported: true };
  const held = declaration === undefined ? undefined : handles.held.get(declaration);
  if (held === undefined) throw refuse(layout, pool, `It can't be told what ${pool.getText()} is.`);
  return { dal: pool.getText().slice(0, -name.getText().length) + held.newName, imported: false };
}

function throughHelper(layout: Layout, handles: Handles, node: CallExpression, plan: HelperPlan): Receiver {
  const { text, imported } = dalInReach(layout, handles, node);
  const given = plan.unit === undefined ? undefined : node.getArguments()[plan.unit]?.getText();
  return { dal: text, unit: given === 'null' || given === 'undefined' ? undefined : given, imported };
}

/** The answer in the place of the arguments that made up the statement. */
function answerArgument(layout: Layout, node: CallExpression, plan: HelperPlan, text: string): Omit<Edit, 'step'> {
  const given = plan.replaced.flatMap((position) => node.getArguments()[position] ?? []);
  const [first, last] = [given[0], given.at(-1)];
  if (first === undefined || last === undefined)
    throw refuse(layout, node, 'The helper is called without a statement.');
  return { start: first.getStart(), end: last.getEnd(), text };
}

/** The driver gives `[rows, fields]`, the DAL gives the rows: takes the brackets away at the place that opens them. */
export function unwrapAnswer(layout: Layout, node: CallExpression, kind: string, step: number, edits: EditList): void {
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
  throw refuse(layout, node, `The answer is ${kind} in a way that is not known; write \`const [rows] = await …\`.`);
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
    const kept = stillNeeded(callSite);
    for (const statement of callSite.sliceStatements.filter((one) => !kept.has(one))) {
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

/** Statements that make what the caller gives as input, which is still the caller's. */
function stillNeeded(callSite: LocatedCallSite): Set<Node> {
  const needed = new Set<Node>();
  let open = callSite.inputs.map(({ source }) => source);
  while (open.length > 0) {
    const names = new Set(open.flatMap((source) => source.match(/[A-Za-z_$][\w$]*/g) ?? []));
    const found = callSite.sliceStatements.filter(
      (statement) =>
        !needed.has(statement) &&
        Node.isVariableStatement(statement) &&
        statement.getDeclarations().some((one) => names.has(one.getName())),
    );
    for (const statement of found) needed.add(statement);
    open = found.map((statement) => statement.getText());
  }
  return needed;
}
