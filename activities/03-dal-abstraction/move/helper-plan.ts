import { Node, type CallExpression, type Expression, type Statement } from 'ts-morph';
import { calledFunction } from '../../01-mysql-analysis/application/declared.ts';
import { driverCall } from '../../01-mysql-analysis/application/driver.ts';
import {
  contains,
  declarationOf,
  isFunctionNode,
  unwrap,
  type FunctionNode,
} from '../../01-mysql-analysis/application/syntax.ts';
import { refuse, type Handles } from './handles.ts';
import type { Layout } from './layout.ts';

/** The call inside a helper that its SQL goes to: of the driver, or of a helper further in. */
interface InnerCall {
  readonly node: CallExpression;
  /** Absent for a call of the driver itself. */
  readonly helper?: HelperPlan;
  /** What makes up the statement: SQL, values, and a connection where one is handed on. */
  readonly statement: readonly Expression[];
  readonly callback?: Expression;
}

/**
 * What becomes of a function of the application that takes SQL and sends it: in the place of the statement it takes the
 * answer of a method of the data access layer, and does with it what it did.
 */
export interface HelperPlan {
  readonly declaration: FunctionNode;
  readonly inner: InnerCall;
  /** Positions of the parameters that only make up the statement, one after the other. */
  readonly replaced: readonly number[];
  /** Position of the parameter that gives the connection; one of {@link replaced}. */
  readonly unit?: number;
  /** Statements that only build the SQL or the values. */
  readonly slice: readonly Statement[];
  /** It only hands on to the driver, so that its callers do without it. */
  readonly passes: boolean;
  /** The text is put together here, so that no caller has it. */
  readonly assembles: boolean;
}

/** Reads a helper; refuses what does more with the statement than to send it. `isKnown` tells calls that are moved themselves. */
export function planHelper(
  layout: Layout,
  handles: Handles,
  declaration: Node,
  isKnown: (node: Node) => boolean,
): HelperPlan {
  if (!isFunctionNode(declaration))
    throw refuse(layout, declaration, 'The helper that sends the statement is no function.');
  if (/\.[cm]?tsx?$/.test(declaration.getSourceFile().getFilePath())) {
    throw refuse(
      layout,
      declaration,
      'The driver is called through a helper of the application; call the pool directly.',
    );
  }
  const inner = innerCall(layout, handles, declaration, isKnown);
  const slice = sliceOf(layout, declaration, inner);
  const parameters = declaration.getParameters();
  const inStatement = (node: Node): boolean => [...inner.statement, ...slice].some((each) => contains(each, node));
  const replaced = parameters.flatMap((parameter, index) => {
    const uses = usesOf(parameter, declaration);
    if (!uses.some(inStatement)) return [];
    const other = uses.find((use) => !inStatement(use));
    if (other !== undefined) {
      throw refuse(
        layout,
        other,
        `The helper uses ${other.getText()} for more than its statement; take that out of it.`,
      );
    }
    return [index];
  });
  const [first] = replaced;
  if (first === undefined || replaced.some((position, index) => position !== first + index)) {
    throw refuse(
      layout,
      declaration,
      'Parameters that make up the statement have others between them; put them side by side.',
    );
  }
  refuseLater(layout, declaration, inner, slice);
  const unit = unitOf(layout, handles, declaration, inner);
  const [sql] = inner.statement;
  const bare = sql && unwrap(sql);
  const isHandedOn = Node.isIdentifier(bare) && Node.isParameterDeclaration(declarationOf(bare));
  return {
    declaration,
    inner,
    replaced,
    ...(unit === undefined ? {} : { unit }),
    slice,
    passes: inner.helper === undefined && handsOn(declaration, inner, slice),
    assembles: !isHandedOn || inner.helper?.assembles === true,
  };
}

function innerCall(
  layout: Layout,
  handles: Handles,
  declaration: FunctionNode,
  isKnown: (node: Node) => boolean,
): InnerCall {
  const open = declaration.getDescendants().filter((node) => Node.isCallExpression(node) && !isKnown(node));
  const direct = open.filter(Node.isCallExpression).flatMap((node): InnerCall[] => {
    const call = driverCall(node);
    if (call === undefined || !['query', 'execute'].includes(call.method)) return [];
    const [sql, ...rest] = node.getArguments() as Expression[];
    if (sql === undefined || !Node.isPropertyAccessExpression(node.getExpression())) return [];
    const callback = rest.at(-1);
    const isCallback = callback !== undefined && (rest.length > 1 || isFunctionNode(unwrap(callback)));
    const values = isCallback ? rest.slice(0, -1) : rest;
    return [{ node, statement: [sql, ...values, call.receiver], ...(isCallback ? { callback } : {}) }];
  });
  const through =
    direct.length > 0
      ? []
      : open.filter(Node.isCallExpression).flatMap((node): InnerCall[] => {
          const target = calledFunction(node);
          if (target === undefined || contains(target, node) || !sends(target)) return [];
          const helper = planHelper(layout, handles, target, isKnown);
          const given = node.getArguments() as Expression[];
          const statement = helper.replaced.flatMap((position) => given[position] ?? []);
          return statement.length === 0 ? [] : [{ node, helper, statement }];
        });
  const [found, ...more] = [...direct, ...through];
  if (found === undefined || more.length > 0) {
    const detail = 'The helper sends its statement in several places; let it send it in one.';
    throw refuse(layout, more[0]?.node ?? declaration, detail);
  }
  return found;
}

function sends(target: FunctionNode): boolean {
  return target.getDescendants().some((node) => ['query', 'execute'].includes(driverCall(node)?.method ?? ''));
}

/** `const marks = params.map(…)`: locals that only the statement needs. */
function sliceOf(layout: Layout, declaration: FunctionNode, inner: InnerCall): Statement[] {
  const slice: Statement[] = [];
  const open: Node[] = [...inner.statement];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    for (const name of [node, ...node.getDescendants()].filter(Node.isIdentifier)) {
      const local = declarationOf(name);
      if (!Node.isVariableDeclaration(local) || !contains(declaration, local) || contains(node, local)) continue;
      const statement = local.getVariableStatement();
      if (statement === undefined || slice.includes(statement)) continue;
      slice.push(statement);
      open.push(statement);
    }
  }
  for (const local of slice.filter(Node.isVariableStatement).flatMap((each) => each.getDeclarations())) {
    const other = usesOf(local, declaration).find(
      (use) => ![...inner.statement, ...slice].some((each) => contains(each, use)),
    );
    if (other === undefined) continue;
    throw refuse(layout, other, `The helper uses ${other.getText()} for more than its statement; take that out of it.`);
  }
  return slice;
}

/** Uses of a parameter or local variable in a function, its own declaration left out. */
function usesOf(declared: Node, within: FunctionNode): Node[] {
  const name =
    Node.isParameterDeclaration(declared) || Node.isVariableDeclaration(declared) ? declared.getNameNode() : undefined;
  return within
    .getDescendants()
    .filter((node) => Node.isIdentifier(node) && node !== name && declarationOf(node) === declared);
}

/** The answer is asked for where the helper is called: what the helper would do before it sent must not be passed over. */
function refuseLater(layout: Layout, declaration: FunctionNode, inner: InnerCall, slice: readonly Statement[]): void {
  const path = inner.node.getAncestors().filter((node) => node !== declaration && contains(declaration, node));
  const later = path.find(
    (node) =>
      Node.isIfStatement(node) ||
      Node.isConditionalExpression(node) ||
      Node.isIterationStatement(node) ||
      Node.isSwitchStatement(node) ||
      (isFunctionNode(node) && !isExecutor(node)),
  );
  const block = path.filter(Node.isBlock);
  const before = block.flatMap((each) => {
    const statements = each.getStatements();
    return statements.slice(
      0,
      statements.findIndex((one) => contains(one, inner.node)),
    );
  });
  const other = later ?? before.find((statement) => !slice.includes(statement));
  if (other === undefined) return;
  throw refuse(
    layout,
    other,
    'The helper does something else before it sends its statement, or sends it only sometimes.',
  );
}

/** `new Promise((resolve, reject) => …)` runs its function at once. */
function isExecutor(node: Node): boolean {
  const parent = node.getParent();
  return Node.isNewExpression(parent) && parent.getExpression().getText() === 'Promise';
}

function unitOf(layout: Layout, handles: Handles, declaration: FunctionNode, inner: InnerCall): number | undefined {
  const parameters: Node[] = declaration.getParameters();
  const position = (node: Node | undefined): number => {
    const declared = node && Node.isIdentifier(node) ? declarationOf(node) : undefined;
    return declared === undefined ? -1 : parameters.indexOf(declared);
  };
  if (inner.helper !== undefined) {
    if (inner.helper.unit === undefined) return undefined;
    const given = position(inner.node.getArguments()[inner.helper.unit]);
    if (given >= 0) return given;
    throw refuse(layout, inner.node, 'The connection that the statement is sent on can not be told at the callers.');
  }
  const receiver = unwrap(inner.statement.at(-1) ?? inner.node);
  // `(connection || pool).query(…)`: without a unit of work the method runs on the pool.
  const either = Node.isBinaryExpression(receiver) && ['||', '??'].includes(receiver.getOperatorToken().getText());
  const given = position(either ? unwrap(receiver.getLeft()) : receiver);
  if (given >= 0) return given;
  const name = Node.isPropertyAccessExpression(receiver) ? receiver.getNameNode() : receiver;
  const declared = declarationOf(name);
  const isPool =
    declared === handles.root.declaration ||
    (declared !== undefined && handles.held.get(declared)?.mayBeConnection === false);
  if (isPool) return undefined;
  throw refuse(layout, inner.node, 'The connection that the statement is sent on can not be told at the callers.');
}

/** Whether sending is all that it does, its callback or its promise being the driver's own. */
function handsOn(declaration: FunctionNode, inner: InnerCall, slice: readonly Statement[]): boolean {
  const body = Node.isBodyable(declaration) || Node.isBodied(declaration) ? declaration.getBody() : undefined;
  const [only, ...more] = Node.isBlock(body) ? body.getStatements().filter((each) => !slice.includes(each)) : [body];
  if (only === undefined || more.length > 0) return false;
  const isReturned = Node.isReturnStatement(only) || !Node.isBlock(body);
  const sent = Node.isReturnStatement(only) || Node.isExpressionStatement(only) ? only.getExpression() : only;
  const bare = sent && unwrap(sent);
  const call = Node.isAwaitExpression(bare) ? unwrap(bare.getExpression()) : bare;
  if (call !== inner.node) return false;
  if (inner.callback === undefined) return isReturned;
  const callback = unwrap(inner.callback);
  const last = declaration.getParameters().at(-1);
  return Node.isIdentifier(callback) && last !== undefined && declarationOf(callback) === last;
}
