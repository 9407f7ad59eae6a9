import { Node, type CallExpression, type Expression, type Type } from 'ts-morph';
import { importedName } from './imports.ts';
import { declarationOf, isFunctionNode, nonNullMembers, unwrap, unwrapAwait } from './syntax.ts';

export type HandleKind = 'pool' | 'connection';

/** What an expression gives of the driver: kinds, since a parameter may take either. */
export interface Handle {
  readonly kinds: readonly HandleKind[];
}

const DRIVER_MODULE = /^(mysql2(\/promise(\.js)?)?|mysql)$/;
const DRIVER_FILE = /\/node_modules\/(@types\/)?mysql2?\//;
const KIND_BY_TYPE: Readonly<Record<string, HandleKind>> = {
  Pool: 'pool',
  PoolNamespace: 'pool',
  PoolCluster: 'pool',
  PoolConnection: 'connection',
  Connection: 'connection',
};
const KIND_BY_FUNCTION: Readonly<Record<string, HandleKind>> = {
  createPool: 'pool',
  createPoolPromise: 'pool',
  createConnection: 'connection',
  createConnectionPromise: 'connection',
  getConnection: 'connection',
};

/** Whether a package's name is one of the MySQL drivers that this analysis knows. */
export const isDriverModule = (module: string): boolean => DRIVER_MODULE.test(module);

/** The call of a driver method, with what it is called on. */
export interface DriverCall {
  readonly node: CallExpression;
  readonly receiver: Expression;
  readonly handle: Handle;
  readonly method: string;
}

/** Reads `receiver.method(…)` when `receiver` is a pool or a connection of the driver. */
export function driverCall(node: Node): DriverCall | undefined {
  if (!Node.isCallExpression(node)) return undefined;
  const callee = unwrap(node.getExpression());
  if (!Node.isPropertyAccessExpression(callee)) return undefined;
  const handle = handleOf(callee.getExpression());
  return handle && { node, receiver: callee.getExpression(), handle, method: callee.getName() };
}

/** By type first; by where it comes from when types are missing (plain JavaScript, packages not installed). */
export function handleOf(expression: Expression): Handle | undefined {
  const type = expression.getType();
  const byType = handleOfType(type);
  if (byType) return byType;
  if (!type.isAny() && !type.isUnknown()) return undefined;
  const kind = kindByOrigin(expression, 0);
  return kind && { kinds: [kind] };
}

function handleOfType(type: Type): Handle | undefined {
  const kinds = new Set<HandleKind>();
  for (const member of nonNullMembers(type)) {
    const kind = kindOfType(member, 0);
    if (kind === undefined) return undefined;
    kinds.add(kind);
  }
  return kinds.size === 0 ? undefined : { kinds: [...kinds].sort() };
}

function kindOfType(type: Type, depth: number): HandleKind | undefined {
  const symbol = type.getSymbol();
  const ofDriver = symbol?.getDeclarations().some((each) => DRIVER_FILE.test(each.getSourceFile().getFilePath()));
  if (symbol && ofDriver) return KIND_BY_TYPE[symbol.getName()];
  // `Pick<Pool, 'query'>`, an application's class that extends the driver's.
  const parts = [...type.getAliasTypeArguments().slice(0, 1), ...type.getBaseTypes(), ...type.getIntersectionTypes()];
  return depth > 3 ? undefined : parts.map((each) => kindOfType(each, depth + 1)).find((each) => each !== undefined);
}

function kindByOrigin(expression: Node, depth: number): HandleKind | undefined {
  if (depth > 8) return undefined;
  const bare = unwrapAwait(expression);
  if (Node.isCallExpression(bare)) return kindOfCall(bare, depth);
  if (!Node.isIdentifier(bare) && !Node.isPropertyAccessExpression(bare)) return undefined;
  const declaration = declarationOf(Node.isPropertyAccessExpression(bare) ? bare.getNameNode() : bare);
  return declaration && kindOfDeclaration(declaration, depth + 1);
}

function kindOfCall(call: CallExpression, depth: number): HandleKind | undefined {
  const callee = unwrap(call.getExpression());
  const from = importedName(callee);
  if (from) return isDriverModule(from.module) ? KIND_BY_FUNCTION[from.name] : undefined;
  if (!Node.isPropertyAccessExpression(callee)) return undefined;
  const kind = kindByOrigin(callee.getExpression(), depth + 1);
  if (kind === undefined) return undefined;
  // `mysql.createPool(…).promise()` is still the pool.
  return callee.getName() === 'promise' ? kind : KIND_BY_FUNCTION[callee.getName()];
}

function kindOfDeclaration(declaration: Node, depth: number): HandleKind | undefined {
  const named = Node.isVariableDeclaration(declaration) || Node.isParameterDeclaration(declaration);
  const annotation = named || Node.isPropertyDeclaration(declaration) ? declaration.getTypeNode() : undefined;
  if (Node.isTypeReference(annotation)) {
    const from = importedName(annotation.getTypeName());
    if (from && isDriverModule(from.module)) return KIND_BY_TYPE[from.name];
  }
  if (Node.isVariableDeclaration(declaration) || Node.isPropertyDeclaration(declaration)) {
    const value = declaration.getInitializer();
    return value && kindByOrigin(value, depth);
  }
  // JavaScript's own field: `this.pool = pool` in a constructor, `exports.pool = …`.
  const assignment = declaration.getFirstAncestor(Node.isBinaryExpression);
  if (Node.isPropertyAccessExpression(declaration) && assignment) return kindByOrigin(assignment.getRight(), depth);
  if (Node.isPropertyAssignment(declaration)) return kindByOrigin(declaration.getInitializerOrThrow(), depth);
  if (Node.isShorthandPropertyAssignment(declaration)) {
    const value = declaration.getValueSymbol()?.getValueDeclaration();
    return value && kindOfDeclaration(value, depth + 1);
  }
  return Node.isParameterDeclaration(declaration) ? kindOfParameter(declaration, depth) : undefined;
}

/** `pool.getConnection((error, connection) => …)` gives the connection as the second parameter. */
function kindOfParameter(parameter: Node, depth: number): HandleKind | undefined {
  const callback = parameter.getParent();
  const call = callback?.getParent();
  if (!isFunctionNode(callback) || !Node.isCallExpression(call)) return undefined;
  const callee = call.getExpression();
  if (!Node.isPropertyAccessExpression(callee) || callee.getName() !== 'getConnection') return undefined;
  const isSecond = callback.getParameters().indexOf(parameter as never) === 1;
  return isSecond && kindByOrigin(callee.getExpression(), depth + 1) === 'pool' ? 'connection' : undefined;
}
