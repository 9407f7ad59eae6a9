import { Node, type CallExpression, type Expression } from 'ts-morph';
import { calledFunction } from './declared.ts';
import { driverCall, type Handle } from './driver.ts';
import type { HelperCall } from './located.ts';
import { answerOf } from './helper-answers.ts';
import { implementedBy } from './implementations.ts';
import { contains, declarationOf, isFunctionNode, unwrap, type FunctionNode } from './syntax.ts';

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
  readonly callbackIndex: number | undefined;
  readonly inner: SqlCall;
  readonly shape: SqlCall['shape'];
}

/** Calls that give SQL to the driver, and helpers that no known call gives SQL to. */
export interface SqlCalls {
  readonly calls: readonly SqlCall[];
  readonly uncalled: readonly SqlCall[];
}

/** Helpers may be called by helpers, each a level further out; nobody writes more levels than this. */
const MAX_LEVELS = 12;

/** Every call that gives SQL to the driver, helpers of the application seen through. */
export function sqlCalls(calls: readonly CallExpression[]): SqlCalls {
  const helpers = new Map<Node, Helper>();
  const result = new Map<Node, SqlCall>();
  const uncalled: SqlCall[] = [];
  let open = calls.map(directCall).filter((each) => each !== undefined);
  for (let level = 0; open.length > 0; level += 1) {
    const news = new Map<Node, Helper>();
    for (const call of open) {
      const helper = level < MAX_LEVELS ? helperAround(call) : undefined;
      if (helper === undefined) result.set(call.node, call);
      else if (!helpers.has(helper.target)) news.set(helper.target, helper);
    }
    for (const [node, helper] of news) helpers.set(node, helper);
    const users = calls.map((call) => helperCall(call, news)).filter((each) => each !== undefined);
    const used = new Set(users.map((each) => each.helper?.declaration));
    for (const [node, helper] of news) if (!used.has(node)) uncalled.push(helper.inner);
    // A helper that calls itself ends here: its own call has been seen.
    open = users.filter((each) => !result.has(each.node));
  }
  return {
    calls: [...result.values()].sort((left, right) => comparePlaces(left.node, right.node)),
    uncalled: uncalled.sort((left, right) => comparePlaces(left.node, right.node)),
  };
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
  const callback = callbackIn(rest);
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

/** The function that gets the answer: a function, or by the driver's own order the argument after the values. */
function callbackIn(rest: readonly Expression[]): Expression | undefined {
  const last = rest.at(-1);
  if (last === undefined) return undefined;
  const bare = unwrap(last);
  if (isFunctionNode(bare) || last.getType().getCallSignatures().length > 0) return last;
  if (!last.getType().isAny() && !last.getType().isUnknown()) return undefined;
  return rest.length === 2 || /^(cb|callback|done|next|fn)$/i.test(bare.getText()) ? last : undefined;
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
  const callback = call.callback && unwrap(call.callback);
  const callbackIndex = callback ? parameters.findIndex((each) => isAnswered(callback, each)) : -1;
  return {
    target,
    sqlIndex: parameters.indexOf(parameter),
    valuesIndex: valuesIndex < 0 ? undefined : valuesIndex,
    callbackIndex: callbackIndex < 0 ? undefined : callbackIndex,
    inner: call,
    shape: answerOf(target, call),
  };
}

/** Whether the answer goes to a parameter: it is the callback, or the callback calls it. */
function isAnswered(callback: Node, parameter: Node): boolean {
  if (Node.isIdentifier(callback)) return declarationOf(callback) === parameter;
  return (
    isFunctionNode(callback) &&
    callback
      .getDescendants()
      .some((each) => Node.isCallExpression(each) && declarationOf(each.getExpression()) === parameter)
  );
}

function helperCall(node: CallExpression, helpers: ReadonlyMap<Node, Helper>): SqlCall | undefined {
  if (helpers.size === 0) return undefined;
  const target = calledFunction(node);
  const helper = target ? helpers.get(target) : implementedBy(node, helpers);
  // The driver's own method of the same handle is not a call of a helper.
  if (helper === undefined || helper.inner.node === node) return undefined;
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
    ...pick('callback', helper.callbackIndex === undefined ? undefined : args[helper.callbackIndex]),
    helper: { name: callee.getText().split('.').at(-1) ?? '', declaration: helper.target },
    shape: helper.shape,
  };
}

function pick<K extends string, V>(key: K, value: V | undefined): { [key in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [key in K]?: V });
}
