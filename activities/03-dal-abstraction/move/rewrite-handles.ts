import { Node, type CallExpression, type PropertyAccessExpression, type SourceFile } from 'ts-morph';
import { driverCall, handleOf, isDriverModule } from '../../01-mysql-analysis/application/driver.ts';
import { answeredByCallback, onlyCallback } from './callback-calls.ts';
import type { EditList } from './edits.ts';
import { outermost, refuse, takingParameter, type Handles } from './handles.ts';
import { pathOf, type Layout } from './layout.ts';
import { isExported, isRequired } from './requires.ts';
import { poolAsDal } from './rewrite-calls.ts';

/** What a file needs imported: the module's DAL or the pool, types of the DAL; each from a step on. */
export interface Needs {
  /** Steps in which a use of the module's pool becomes one of the DAL. */
  readonly switched: number[];
  readonly types: Map<string, number>;
  /** Steps in which a use of the function that hands an outcome to a callback came in. */
  readonly callbacks: number[];
}

/** Methods of a connection, and what they are of a unit of work. */
const UNIT_METHODS: Readonly<Record<string, string>> = {
  beginTransaction: 'begin',
  commit: 'commit',
  rollback: 'rollback',
  release: 'release',
  destroy: 'release',
};
const POOL_METHODS: Readonly<Record<string, string>> = { getConnection: 'begin', end: 'close' };

/** Renames pools to DALs, connections' methods to units', and the driver's types to the DAL's, in one file. */
export function rewriteHandles(
  layout: Layout,
  handles: Handles,
  file: SourceFile,
  isCallSite: (node: Node) => boolean,
  edits: EditList,
): Needs {
  const path = pathOf(layout, file);
  const own = handles.stepOf(file);
  const needs: Needs = { switched: [], types: new Map(), callbacks: [] };
  const edit = (node: Node, text: string, step = own): void =>
    edits.add(path, { start: node.getStart(), end: node.getEnd(), text, step });
  const needType = (name: string): string => {
    needs.types.set(name, own);
    return name;
  };
  for (const node of file.getDescendants()) {
    if (node.getFirstAncestor(Node.isImportDeclaration)) continue;
    if (Node.isCallExpression(node) && !isCallSite(node)) {
      if (rewriteWithCallback(layout, handles, node, own, needs, edits)) continue;
      rewriteMethod(layout, node, edit);
    }
    if (Node.isIdentifier(node)) rewriteName(layout, handles, node, own, edit, needs);
    if (Node.isTypeReference(node) || Node.isExpressionWithTypeArguments(node)) {
      // Type arguments of a call that becomes a method go with it.
      if (!node.getAncestors().some(isCallSite)) rewriteType(layout, node, edit, needType);
    }
  }
  return needs;
}

type PutText = (node: Node, text: string, step?: number) => void;

function rewriteMethod(layout: Layout, node: CallExpression, edit: PutText): void {
  const counterpart = counterpartOf(node);
  if (counterpart === undefined) return;
  const { access, name } = counterpart;
  if (name === undefined || node.getArguments().length > 0) throw refuse(layout, node, withoutCounterpart(access));
  edit(access.getNameNode(), name);
}

/** The method of the data access layer for a method of a pool or connection, if the call is of one. */
function counterpartOf(
  node: CallExpression,
): { access: PropertyAccessExpression; name: string | undefined } | undefined {
  const call = driverCall(node);
  const access = call?.node.getExpression();
  if (call === undefined || !Node.isPropertyAccessExpression(access)) return undefined;
  const isPool = call.handle.kinds.includes('pool');
  const isConnection = call.handle.kinds.includes('connection');
  if (isPool && isConnection) return { access, name: undefined };
  return { access, name: (isPool ? POOL_METHODS : UNIT_METHODS)[call.method] };
}

const withoutCounterpart = (access: Node): string => `${access.getText()} has no counterpart in the data access layer.`;

/** `connection.commit(callback)` of a driver that answers by callback: `toCallback(connection.commit(), callback)`. */
function rewriteWithCallback(
  layout: Layout,
  handles: Handles,
  node: CallExpression,
  step: number,
  needs: Needs,
  edits: EditList,
): boolean {
  const callback = onlyCallback(node);
  const counterpart = callback && counterpartOf(node);
  if (callback === undefined || counterpart === undefined || handles.root.style !== 'callback') return false;
  const { access, name } = counterpart;
  if (name === undefined || name === 'release') throw refuse(layout, node, withoutCounterpart(access));
  const isPool = handleOf(access.getExpression())?.kinds.includes('pool') === true;
  const on = isPool ? poolAsDal(layout, handles, access.getExpression()) : undefined;
  const answer = `${on?.dal ?? access.getExpression().getText()}.${name}()`;
  edits.add(pathOf(layout, node.getSourceFile()), { ...answeredByCallback(layout, node, callback, answer), step });
  if (on?.imported === true) needs.switched.push(step);
  needs.callbacks.push(step);
  return true;
}

function rewriteName(layout: Layout, handles: Handles, node: Node, own: number, edit: PutText, needs: Needs): void {
  const declaration = handles.declarationOf(node);
  if (declaration === undefined) return;
  const held = handles.held.get(declaration);
  const isRoot = declaration === handles.root.declaration;
  if (held === undefined && !isRoot) return;
  if (isRequired(node)) return;
  const newName = held?.newName ?? layout.variable;
  const whole = outermost(node);
  refuseMember(layout, whole);
  const taker = takingParameter(whole);
  const step = taker === undefined || held !== undefined ? own : handles.stepOf(taker.getSourceFile());
  if (taker !== undefined && handles.held.get(taker)?.mayBeConnection === true && held?.mayBeConnection !== true) {
    // Without a unit of work the method runs on any connection of the pool, as it did.
    edit(whole, 'undefined', step);
    if (isRoot) needs.switched.push(-step);
    return;
  }
  if (isRoot && isExported(node)) return;
  if (isRoot) needs.switched.push(step);
  const parent = node.getParent();
  if (Node.isShorthandPropertyAssignment(parent)) edit(parent, `${node.getText()}: ${newName}`, step);
  else if (isRoot && whole !== node) edit(whole, newName, step);
  else if (newName !== node.getText()) edit(node, newName, step);
  if (Node.isBindingElement(parent)) throw refuse(layout, node, 'The pool is taken out of an object by destructuring.');
}

/** A member of the pool that is not called, such as `pool.config` or `pool.query.bind(pool)`. */
function refuseMember(layout: Layout, pool: Node): void {
  const access = pool.getParent();
  if (!Node.isPropertyAccessExpression(access) || access.getExpression() !== pool) return;
  const call = access.getParent();
  if (Node.isCallExpression(call) && call.getExpression() === access) return;
  throw refuse(layout, access, withoutCounterpart(access));
}

function rewriteType(layout: Layout, node: Node, edit: PutText, need: (name: string) => string): void {
  const name = Node.isTypeReference(node)
    ? node.getTypeName()
    : Node.isExpressionWithTypeArguments(node)
      ? node.getExpression()
      : undefined;
  if (name === undefined || !Node.isIdentifier(name) || !isOfDriver(name)) return;
  const parent = node.getParent();
  if (Node.isUnionTypeNode(parent)) {
    const members = parent.getTypeNodes().map((one) => one.getText());
    if (members.includes('Pool') && members.some((one) => /Connection$/.test(one))) {
      const rest = members.filter((one) => one !== 'Pool' && !/Connection$/.test(one) && one !== 'undefined');
      edit(parent, [need('UnitOfWork'), ...rest, 'undefined'].join(' | '));
      return;
    }
  }
  switch (name.getText()) {
    case 'Pool':
      edit(node, need('Dal'));
      return;
    case 'PoolConnection':
    case 'Connection':
      edit(node, need('UnitOfWork'));
      return;
    case 'ResultSetHeader':
    case 'OkPacket':
      edit(node, need('WriteResult'));
      return;
    case 'RowDataPacket':
      dropRow(node, edit);
      return;
    default:
      throw refuse(layout, node, `The driver's type ${name.getText()} has no counterpart in the data access layer.`);
  }
}

/** `extends RowDataPacket` goes; in `Row & RowDataPacket` only the other half stays; elsewhere it was any row. */
function dropRow(node: Node, edit: PutText): void {
  const parent = node.getParent();
  if (Node.isHeritageClause(parent)) {
    const others = parent.getTypeNodes().filter((one) => one !== node);
    edit(parent, others.length === 0 ? '' : `extends ${others.map((one) => one.getText()).join(', ')}`);
  } else if (Node.isIntersectionTypeNode(parent)) {
    edit(
      parent,
      parent
        .getTypeNodes()
        .filter((one) => one !== node)
        .map((one) => one.getText())
        .join(' & '),
    );
  } else {
    edit(node, 'Record<string, unknown>');
  }
}

/** Whether a name was imported from the driver. */
function isOfDriver(name: Node): boolean {
  return (name.getSymbol()?.getDeclarations() ?? []).some((declaration) => {
    const from = declaration.getFirstAncestor(Node.isImportDeclaration);
    return from !== undefined && isDriverModule(from.getModuleSpecifierValue());
  });
}
