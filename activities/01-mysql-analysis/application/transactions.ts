import { Node, type CallExpression } from 'ts-morph';
import type { TransactionUnit } from '../../../core/data-access.ts';
import { driverCall } from './driver.ts';
import { calledFunction } from './declared.ts';
import { comparePlaces } from './helpers.ts';
import type { LocatedCallSite } from './located.ts';
import { namesAround } from './names.ts';
import {
  contains,
  declarationOf,
  enclosingFunction,
  isFunctionNode,
  relativeFile,
  unwrap,
  type FunctionNode,
} from './syntax.ts';

/** A function that begins a transaction on a connection. */
interface Beginning {
  readonly call: CallExpression;
  /** Declaration of the connection's variable, parameter or field. */
  readonly connection: Node;
  readonly within: FunctionNode;
}

const BEGIN = /^\s*(begin|start\s+transaction)\b/i;

/**
 * Statements that run between the beginning of a transaction and its end, on the same connection: in the function
 * itself, in functions that get the connection as an argument, and in callbacks that a helper runs with it.
 */
export function transactionUnits(
  calls: readonly CallExpression[],
  sites: readonly LocatedCallSite[],
  root: string,
): TransactionUnit[] {
  const byNode = new Map<Node, LocatedCallSite>(sites.map((site) => [site.node, site]));
  const found: { at: Node; within: string; members: Set<string> }[] = [];
  for (const { call, connection, within } of calls.map(beginning).filter((each) => each !== undefined)) {
    const callbacks = callbacksWith(connection, within);
    const owners = new Set(callbacks.map((each) => each.getParent()));
    const own = membersOn(connection, within, call.getStart(), byNode, new Set());
    if (callbacks.length === 0) found.push({ at: call, within: namesAround(call), members: own });
    for (const parameter of callbacks) {
      const helper = [...owners].find((each) => isFunctionNode(each) && contains(each, parameter));
      if (!isFunctionNode(helper)) continue;
      for (const user of calls.filter((each) => calledFunction(each) === helper)) {
        const work = callbackOf(user, helper, parameter);
        if (work === undefined) continue;
        const [target] = work.getParameters();
        const members = new Set(own);
        if (target) for (const id of membersOn(target, work, 0, byNode, new Set())) members.add(id);
        found.push({ at: user, within: namesAround(user), members });
      }
    }
  }
  return found
    .sort((left, right) => comparePlaces(left.at, right.at))
    .map(({ at, within, members }, index) => ({
      id: `TX-${String(index + 1).padStart(3, '0')}`,
      within,
      file: relativeFile(at.getSourceFile(), root),
      line: at.getStartLineNumber(),
      callSites: [...members].sort(),
    }));
}

function beginning(call: CallExpression): Beginning | undefined {
  const made = driverCall(call);
  const within = enclosingFunction(call);
  if (made === undefined || within === undefined) return undefined;
  const [sql] = call.getArguments();
  const isText = Node.isStringLiteral(sql) || Node.isNoSubstitutionTemplateLiteral(sql);
  const begins = made.method === 'beginTransaction' || (isText && BEGIN.test(sql.getLiteralValue()));
  const connection = begins ? nameDeclaration(made.receiver) : undefined;
  return connection && { call, connection, within };
}

function nameDeclaration(node: Node): Node | undefined {
  const bare = unwrap(node);
  return declarationOf(Node.isPropertyAccessExpression(bare) ? bare.getNameNode() : bare);
}

/** Parameters that a function calls with its connection: `work` of `await work(connection)`. */
function callbacksWith(connection: Node, within: FunctionNode): Node[] {
  const around = [within, ...within.getAncestors()].filter(isFunctionNode);
  const parameters = new Set<Node>(around.flatMap((each) => each.getParameters()));
  return within
    .getDescendants()
    .filter(Node.isCallExpression)
    .flatMap((call) => {
      const callee = unwrap(call.getExpression());
      const target = Node.isIdentifier(callee) ? declarationOf(callee) : undefined;
      if (target === undefined || !parameters.has(target)) return [];
      return call.getArguments().some((each) => nameDeclaration(each) === connection) ? [target] : [];
    });
}

function callbackOf(user: CallExpression, helper: FunctionNode, parameter: Node): FunctionNode | undefined {
  const index = (helper.getParameters() as Node[]).indexOf(parameter);
  const argument = user.getArguments()[index];
  const bare = argument && unwrap(argument);
  if (isFunctionNode(bare)) return bare;
  const named = Node.isIdentifier(bare) ? declarationOf(bare) : undefined;
  const value = Node.isVariableDeclaration(named) ? named.getInitializer() : named;
  return isFunctionNode(value) ? value : undefined;
}

/** Call sites on a connection inside a function, and in the functions that it hands the connection to. */
function membersOn(
  connection: Node,
  within: FunctionNode,
  from: number,
  byNode: ReadonlyMap<Node, LocatedCallSite>,
  seen: Set<Node>,
): Set<string> {
  const members = new Set<string>();
  if (seen.has(connection)) return members;
  seen.add(connection);
  for (const call of within.getDescendants().filter(Node.isCallExpression)) {
    if (call.getStart() < from) continue;
    const site = byNode.get(call);
    if (site?.receiverNode && nameDeclaration(site.receiverNode) === connection && site.statement !== 'other')
      members.add(site.id);
    const target = calledFunction(call);
    if (target === undefined || contains(within, target)) continue;
    call.getArguments().forEach((argument, index) => {
      if (nameDeclaration(argument) !== connection) return;
      const parameter = target.getParameters()[index];
      // A helper that takes the connection and SQL is itself the call site.
      if (site) members.add(site.id);
      else if (parameter) for (const id of membersOn(parameter, target, 0, byNode, seen)) members.add(id);
    });
  }
  return members;
}
