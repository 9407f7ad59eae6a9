import { Node, type SourceFile } from 'ts-morph';
import { functionOf } from '../../01-mysql-analysis/application/declared.ts';
import type { LocatedCallSite } from '../../01-mysql-analysis/application/index.ts';
import { declarationOf, type FunctionNode } from '../../01-mysql-analysis/application/syntax.ts';
import type { LayerDesign } from '../design/design.ts';
import { answeredByCallback } from './callback-calls.ts';
import type { EditList } from './edits.ts';
import { refuse, type Handles } from './handles.ts';
import { planHelper, type HelperPlan } from './helper-plan.ts';
import { pathOf, type Layout } from './layout.ts';
import { isExported, isRequired } from './requires.ts';
import { unwrapAnswer } from './rewrite-calls.ts';
import { startWithComments } from './statement-text.ts';

/** Plans every helper that a call site or another helper goes through. */
export function planHelpers(
  layout: Layout,
  handles: Handles,
  files: readonly SourceFile[],
  design: LayerDesign<LocatedCallSite>,
): Map<Node, HelperPlan> {
  const callSites = [...design.methods.flatMap((method) => method.callSites), ...design.pings];
  const nodes = new Set<Node>(callSites.map(({ node }) => node));
  const plans = new Map<Node, HelperPlan>();
  const add = (plan: HelperPlan): void => {
    plans.set(plan.declaration, plan);
    if (plan.inner.helper !== undefined) add(plan.inner.helper);
  };
  for (const { helper } of callSites) {
    if (helper === undefined || plans.has(helper.declaration)) continue;
    add(planHelper(layout, handles, helper.declaration, (node) => nodes.has(node)));
  }
  const calls = new Set<Node>([...nodes, ...[...plans.values()].map(({ inner }) => inner.node)]);
  for (const plan of plans.values()) refuseOtherUses(layout, files, plan, calls);
  return plans;
}

/** A helper's parameters change: whoever uses it in another way than by a call with a known statement would break. */
function refuseOtherUses(
  layout: Layout,
  files: readonly SourceFile[],
  plan: HelperPlan,
  calls: ReadonlySet<Node>,
): void {
  const name = nameOf(plan.declaration);
  for (const use of files.flatMap((file) => file.getDescendants().filter(Node.isIdentifier))) {
    if (use.getText() !== name || isRequired(use) || isExported(use)) continue;
    const parent = use.getParent();
    if (Node.isFunctionDeclaration(parent) || Node.isVariableDeclaration(parent) || Node.isMethodDeclaration(parent))
      continue;
    if (functionOf(declarationOf(use)) !== plan.declaration) continue;
    const callee = Node.isPropertyAccessExpression(parent) && parent.getNameNode() === use ? parent : use;
    const call = callee.getParent();
    if (call !== undefined && calls.has(call) && Node.isCallExpression(call) && call.getExpression() === callee)
      continue;
    if (Node.isImportSpecifier(parent) || Node.isExportSpecifier(parent)) continue;
    throw refuse(
      layout,
      use,
      `${name} is used in another way than by a call with a statement; call the pool directly there.`,
    );
  }
}

export function nameOf(declaration: FunctionNode): string {
  if (Node.isFunctionDeclaration(declaration) || Node.isMethodDeclaration(declaration))
    return declaration.getName() ?? '';
  const parent = declaration.getParent();
  return Node.isVariableDeclaration(parent) || Node.isPropertyAssignment(parent) ? parent.getName() : '';
}

/** Changes the helpers themselves; gives the names that are gone, with the files that they are gone from. */
export function rewriteHelpers(
  layout: Layout,
  handles: Handles,
  plans: ReadonlyMap<Node, HelperPlan>,
  edits: EditList,
): { readonly file: SourceFile; readonly name: string }[] {
  const gone: { file: SourceFile; name: string }[] = [];
  for (const plan of plans.values()) {
    const file = plan.declaration.getSourceFile();
    if (plan.passes) {
      removeHelper(layout, handles, plan, edits);
      gone.push({ file, name: nameOf(plan.declaration) });
    } else takeAnswer(layout, handles, plan, edits);
  }
  return gone;
}

function removeHelper(layout: Layout, handles: Handles, plan: HelperPlan, edits: EditList): void {
  const { declaration } = plan;
  const file = declaration.getSourceFile();
  const whole = Node.isFunctionDeclaration(declaration)
    ? declaration
    : declaration.getFirstAncestor(Node.isVariableStatement);
  if (whole === undefined || (Node.isVariableStatement(whole) && whole.getDeclarations().length > 1)) {
    throw refuse(layout, declaration, 'The helper only hands on to the driver; call the pool directly.');
  }
  const end = whole.getEnd();
  const blank = /^[ \t]*\n?(?:[ \t]*\n)?/.exec(file.getFullText().slice(end))?.[0].length ?? 0;
  edits.add(pathOf(layout, file), {
    start: startWithComments(whole),
    end: end + blank,
    text: '',
    step: handles.stepOf(file),
  });
}

/** `one(sql, params, callback)` becomes `one(answer, callback)`, and what it does with the rows stays. */
function takeAnswer(layout: Layout, handles: Handles, plan: HelperPlan, edits: EditList): void {
  const { declaration, inner } = plan;
  const file = declaration.getSourceFile();
  const path = pathOf(layout, file);
  const step = handles.stepOf(file);
  const answer = freeName(declaration);
  const replaced = plan.replaced.flatMap((position) => declaration.getParameters()[position] ?? []);
  const [first, last] = [replaced[0], replaced.at(-1)];
  if (first === undefined || last === undefined) return;
  edits.add(path, { start: first.getStart(), end: last.getEnd(), text: answer, step });
  for (const statement of plan.slice) {
    const text = file.getFullText();
    const start = startWithComments(statement);
    const newline = /^[ \t]*\n?/.exec(text.slice(statement.getEnd()))?.[0].length ?? 0;
    const indent = /[ \t]*$/.exec(text.slice(0, start))?.[0].length ?? 0;
    edits.add(path, { start: start - indent, end: statement.getEnd() + newline, text: '', step });
  }
  const { node, callback, helper } = inner;
  const given = helper === undefined ? [] : helper.replaced.flatMap((position) => node.getArguments()[position] ?? []);
  const [from, to] = [given[0], given.at(-1)];
  const handedOn = helper?.passes === true ? node.getArguments().at(-1) : callback;
  if (helper !== undefined && !helper.passes && from !== undefined && to !== undefined) {
    edits.add(path, { start: from.getStart(), end: to.getEnd(), text: answer, step });
  } else if (Node.isExpression(handedOn) && (callback !== undefined || handedOn !== to)) {
    edits.add(path, { ...answeredByCallback(layout, node, handedOn, answer), step });
  } else {
    edits.add(path, { start: node.getStart(), end: node.getEnd(), text: answer, step });
    unwrapAnswer(layout, node, 'used', step, edits);
  }
}

function freeName(declaration: FunctionNode): string {
  const used = new Set(
    declaration
      .getDescendants()
      .filter(Node.isIdentifier)
      .map((name) => name.getText()),
  );
  return ['answer', 'answered', 'outcome'].find((name) => !used.has(name)) ?? 'answerGiven';
}
