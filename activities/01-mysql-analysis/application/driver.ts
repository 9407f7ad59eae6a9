import { Node, type CallExpression, type Expression, type Type } from 'ts-morph';
import { valueOfDeclaration } from './declared.ts';
import { importedName } from './imports.ts';
import { Origins } from './origins.ts';
import { declarationOf, declarationsOf, isFunctionNode, nonNullMembers, unwrap, unwrapAwait } from './syntax.ts';

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
  createPoolCluster: 'pool',
  createConnection: 'connection',
  createConnectionPromise: 'connection',
  getConnection: 'connection',
};
/** Packages that put a driver's handle on the application: `fastify.register(fastifyMysql)` gives `fastify.mysql`. */
const PLUGIN_MODULE = /^(@fastify\/mysql|fastify-mysql)$/;

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
  if (Node.isPropertyAccessExpression(callee)) {
    const handle = handleOf(callee.getExpression());
    if (handle) return { node, receiver: callee.getExpression(), handle, method: callee.getName() };
  }
  const taken = driverMethod(callee, 0);
  return taken && { node, ...taken };
}

/** By type first; by where it comes from when types are missing (plain JavaScript, packages not installed). */
export function handleOf(expression: Expression): Handle | undefined {
  const type = expression.getType();
  const byType = handleOfType(type);
  if (byType) return byType;
  if (!isOpenType(type)) return undefined;
  const kinds = origins.of(expression);
  return kinds.length === 0 ? undefined : { kinds: [...kinds].sort() };
}

/** A type that may stand for a handle without saying so: none at all, or a shape that the application declares. */
function isOpenType(type: Type): boolean {
  if (type.isAny() || type.isUnknown()) return true;
  return nonNullMembers(type).every((each) => {
    const methods = ['query', 'execute', 'getConnection'].flatMap(
      (name) => each.getProperty(name)?.getDeclarations() ?? [],
    );
    return methods.length > 0 && methods.every((one) => Node.isMethodSignature(one) || Node.isPropertySignature(one));
  });
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
  if (symbol && ofDriver && KIND_BY_TYPE[symbol.getName()]) return KIND_BY_TYPE[symbol.getName()];
  // `Pick<Pool, 'query'>`, an application's class that extends the driver's.
  const parts = [...type.getAliasTypeArguments().slice(0, 1), ...type.getBaseTypes(), ...type.getIntersectionTypes()];
  const known = depth > 3 ? undefined : parts.map((each) => kindOfType(each, depth + 1)).find((each) => each);
  if (known) return known;
  // A type made of the driver's own methods under a name of the application: `type Db = Omit<Pool, 'end'>`.
  const method = type.getProperty('query') ?? type.getProperty('execute');
  const declared = method?.getDeclarations() ?? [];
  if (declared.length === 0 || !declared.every((each) => DRIVER_FILE.test(each.getSourceFile().getFilePath())))
    return undefined;
  return type.getProperty('getConnection') ? 'pool' : 'connection';
}

/** Pools and connections by where they come from. */
const origins = new Origins<HandleKind>((node, of) => {
  if (Node.isCallExpression(node)) return kindOfCall(node, of);
  if (Node.isTypeReference(node)) return undefined;
  const named =
    Node.isVariableDeclaration(node) || Node.isParameterDeclaration(node) || Node.isPropertyDeclaration(node);
  const annotation = named ? node.getTypeNode() : undefined;
  if (Node.isTypeReference(annotation)) {
    const from = importedName(annotation.getTypeName());
    const kind = from && isDriverModule(from.module) ? KIND_BY_TYPE[from.name] : undefined;
    if (kind) return [kind];
  }
  if (Node.isParameterDeclaration(node)) return connectionGiven(node, of);
  if (Node.isPropertyAccessExpression(node) && node.getName() === 'mysql' && usesPlugin(node)) return ['pool'];
  return undefined;
});

function kindOfCall(
  call: CallExpression,
  of: (node: Node) => readonly HandleKind[],
): readonly HandleKind[] | undefined {
  const callee = unwrap(call.getExpression());
  const from = importedName(callee);
  if (from) {
    const kind = isDriverModule(from.module) ? KIND_BY_FUNCTION[from.name] : undefined;
    return kind && [kind];
  }
  const method = driverMethod(callee, 0);
  if (method?.method === 'getConnection') return ['connection'];
  if (!Node.isPropertyAccessExpression(callee)) return undefined;
  const name = callee.getName();
  if (!['promise', 'of', 'getConnection', 'call', 'apply'].includes(name)) return undefined;
  const base = of(callee.getExpression());
  if (base.length === 0) return undefined;
  // `mysql.createPool(…).promise()` is still the pool.
  return name === 'promise' || name === 'of' ? base : ['connection'];
}

/** `pool.getConnection((error, connection) => …)`, `pool.getConnection().then((connection) => …)`. */
function connectionGiven(
  parameter: Node,
  of: (node: Node) => readonly HandleKind[],
): readonly HandleKind[] | undefined {
  const callback = parameter.getParent();
  const call = callback?.getParent();
  if (!isFunctionNode(callback) || !Node.isCallExpression(call)) return undefined;
  const callee = call.getExpression();
  if (!Node.isPropertyAccessExpression(callee)) return undefined;
  const index = callback.getParameters().indexOf(parameter as never);
  if (callee.getName() === 'getConnection' && index === 1) {
    return handleOf(callee.getExpression()) ? ['connection'] : undefined;
  }
  if (callee.getName() !== 'then' || index !== 0) return undefined;
  const made = of(callee.getExpression());
  return made.length > 0 ? made : undefined;
}

function usesPlugin(node: Node): boolean {
  return node
    .getProject()
    .getSourceFiles()
    .filter((file) => !file.isInNodeModules() && !file.isDeclarationFile())
    .some((file) => file.getImportStringLiterals().some((each) => PLUGIN_MODULE.test(each.getLiteralValue())));
}

/**
 * A driver's method that was taken off its handle: `pool.query.bind(pool)`, `promisify(pool.query).bind(pool)`,
 * `pool.query.call`; also through the variable that holds it.
 */
export function driverMethod(node: Node, depth: number): Omit<DriverCall, 'node'> | undefined {
  const bare = unwrapAwait(node);
  if (depth > 6) return undefined;
  if (Node.isPropertyAccessExpression(bare)) {
    const base = unwrap(bare.getExpression());
    if (['query', 'execute', 'getConnection', 'beginTransaction'].includes(bare.getName())) {
      const handle = handleOf(bare.getExpression());
      if (handle) return { receiver: bare.getExpression(), handle, method: bare.getName() };
    }
    const declaration = declarationOf(bare.getNameNode());
    const value = declaration && declaration !== bare ? valueOfDeclaration(declaration) : undefined;
    return base === bare || value === undefined ? undefined : driverMethod(value, depth + 1);
  }
  if (Node.isIdentifier(bare)) {
    for (const declaration of declarationsOf(bare)) {
      const value =
        Node.isVariableDeclaration(declaration) ||
        Node.isPropertyAssignment(declaration) ||
        Node.isBinaryExpression(declaration) ||
        Node.isPropertyAccessExpression(declaration) ||
        Node.isShorthandPropertyAssignment(declaration)
          ? valueOfDeclaration(declaration)
          : undefined;
      const taken = value && driverMethod(value, depth + 1);
      if (taken) return taken;
    }
    return undefined;
  }
  if (Node.isVariableDeclaration(bare)) {
    const value = bare.getInitializer();
    return value && driverMethod(value, depth + 1);
  }
  if (!Node.isCallExpression(bare)) return undefined;
  const callee = unwrap(bare.getExpression());
  if (Node.isPropertyAccessExpression(callee) && callee.getName() === 'bind')
    return driverMethod(callee.getExpression(), depth + 1);
  const [argument] = bare.getArguments();
  const promisified = /(^|\.)promisify$/.test(callee.getText());
  return promisified && argument ? driverMethod(argument, depth + 1) : undefined;
}
