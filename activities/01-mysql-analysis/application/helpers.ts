import { Node, type CallExpression, type Expression } from 'ts-morph';
import { driverCall, type Handle } from './driver.ts';
import type { HelperCall } from './located.ts';
import { contains, declarationOf, isFunctionNode, unwrap, unwrapAwait, type FunctionNode } from './syntax.ts';

/** A place where a statement goes to the driver: the driver's own method, or a helper that passes SQL on to it. */
export interface SqlCall {
  readonly node: CallExpression;
  readonly receiver?: Expression;
  readonly handle: Handle;
  readonly api: 'execute' | 'query';
  readonly sql: Expression;
  readonly values?: Expression;
  readonly callback?: Expression;
  readonly helper?: HelperCall;
  readonly shape: 'tuple' | 'rows' | 'first-row' | 'unknown';
}

interface Helper {
  readonly target: FunctionNode;
  readonly sqlIndex: number;
  readonly valuesIndex: number | undefined;
  readonly inner: SqlCall;
  readonly shape: SqlCall['shape'];
}

/** Every call that gives SQL to the driver, helpers of the application seen through. */
export function sqlCalls(calls: readonly CallExpression[]): SqlCall[] {
  const found = calls.map(directCall).filter((each) => each !== undefined);
  const helpers = new Map<Node, Helper>();
  const result: SqlCall[] = [];
  let open = found;
  // A helper may be called by another helper; each round goes one level out.
  for (let round = 0; open.length > 0 && round < 5; round += 1) {
    const news = new Map<Node, Helper>();
    for (const call of open) {
      const helper = helperAround(call);
      if (helper === undefined) result.push(call);
      else if (!helpers.has(helper.target)) news.set(helper.target, helper);
    }
    for (const [node, helper] of news) helpers.set(node, helper);
    open = calls.map((call) => helperCall(call, news)).filter((each) => each !== undefined);
  }
  return result.sort((left, right) => comparePlaces(left.node, right.node));
}

export function comparePlaces(left: Node, right: Node): number {
  const [a, b] = [left.getSourceFile().getFilePath(), right.getSourceFile().getFilePath()];
  return a === b ? left.getStart() - right.getStart() : a < b ? -1 : 1;
}

function directCall(node: CallExpression): SqlCall | undefined {
  const call = driverCall(node);
  if (call === undefined || (call.method !== 'execute' && call.method !== 'query')) return undefined;
  const [sql, ...rest] = node.getArguments() as Expression[];
  if (sql === undefined) return undefined;
  const last = rest.at(-1);
  const callback = last && isCallback(last) ? last : undefined;
  const values = rest.find((each) => each !== callback);
  const base = { node, receiver: call.receiver, handle: call.handle, api: call.method, shape: 'tuple' } as const;
  const options = optionsOf(sql);
  return {
    ...base,
    sql: options?.sql ?? sql,
    ...pick('values', values ?? options?.values),
    ...pick('callback', callback),
  };
}

/** `query({ sql, values })` */
function optionsOf(node: Expression): { sql: Expression; values?: Expression } | undefined {
  const bare = unwrap(node);
  if (!Node.isObjectLiteralExpression(bare)) return undefined;
  const read = (name: string): Expression | undefined => {
    const property = bare.getProperty(name);
    if (Node.isPropertyAssignment(property)) return property.getInitializer();
    return Node.isShorthandPropertyAssignment(property) ? property.getNameNode() : undefined;
  };
  const sql = read('sql');
  return sql && { sql, ...pick('values', read('values')) };
}

function isCallback(node: Node): boolean {
  return isFunctionNode(unwrap(node)) || node.getType().getCallSignatures().length > 0;
}

/** The helper that a call stands in, when its SQL is one of that function's own parameters. */
function helperAround(call: SqlCall): Helper | undefined {
  const sql = unwrap(call.sql);
  const parameter = Node.isIdentifier(sql) ? declarationOf(sql) : undefined;
  if (!Node.isParameterDeclaration(parameter)) return undefined;
  const target = parameter.getParent();
  if (!isFunctionNode(target) || !contains(target, call.node)) return undefined;
  const values = call.values && unwrap(call.values);
  const given = Node.isIdentifier(values) ? declarationOf(values) : undefined;
  const parameters: Node[] = target.getParameters();
  const valuesIndex = given ? parameters.indexOf(given) : -1;
  return {
    target,
    sqlIndex: parameters.indexOf(parameter),
    valuesIndex: valuesIndex < 0 ? undefined : valuesIndex,
    inner: call,
    shape: answerOf(target, call),
  };
}

function helperCall(node: CallExpression, helpers: ReadonlyMap<Node, Helper>): SqlCall | undefined {
  const target = calledFunction(node);
  const helper = target && helpers.get(target);
  if (helper === undefined) return undefined;
  const args = node.getArguments() as Expression[];
  const sql = args[helper.sqlIndex];
  if (sql === undefined) return undefined;
  const callee = unwrap(node.getExpression());
  const receiver = Node.isPropertyAccessExpression(callee) ? callee.getExpression() : undefined;
  return {
    node,
    ...pick('receiver', receiver),
    handle: helper.inner.handle,
    api: helper.inner.api,
    sql,
    ...pick('values', helper.valuesIndex === undefined ? undefined : args[helper.valuesIndex]),
    helper: { name: callee.getText().split('.').at(-1) ?? '', declaration: helper.target },
    shape: helper.shape,
  };
}

/** The function with a body that a call runs, as far as the compiler knows. */
export function calledFunction(node: CallExpression): FunctionNode | undefined {
  const callee = unwrap(node.getExpression());
  const name = Node.isPropertyAccessExpression(callee) ? callee.getNameNode() : callee;
  const declaration = Node.isIdentifier(name) || Node.isPrivateIdentifier(name) ? declarationOf(name) : undefined;
  if (isFunctionNode(declaration)) return declaration;
  const holds =
    Node.isVariableDeclaration(declaration) ||
    Node.isPropertyDeclaration(declaration) ||
    Node.isPropertyAssignment(declaration);
  const value = holds ? declaration.getInitializer() : undefined;
  const bare = value && unwrap(value);
  return isFunctionNode(bare) ? bare : undefined;
}

/** What a helper gives back of the driver's answer, by its return type. */
function answerOf(target: FunctionNode, call: SqlCall): SqlCall['shape'] {
  const returned = target.getReturnType();
  const type = returned.getSymbol()?.getName() === 'Promise' ? returned.getTypeArguments()[0] : returned;
  if (type?.isTuple()) return 'tuple';
  if (type?.isArray()) return 'rows';
  const isDirect = call.node
    .getAncestors()
    .some((each) => Node.isReturnStatement(each) && unwrapAwait(each.getExpression() ?? each) === call.node);
  if (isDirect) return call.shape;
  return type && !type.isAny() && (type.isObject() || type.isUnion()) ? 'first-row' : 'unknown';
}

function pick<K extends string, V>(key: K, value: V | undefined): { [key in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [key in K]?: V });
}
