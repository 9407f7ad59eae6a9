import { Node, type CallExpression, type Project } from 'ts-morph';
import type { BuilderCall } from '../../../core/data-access.ts';
import { builders, entityName, isBuilderModule, type BuilderHandle } from './builder-handles.ts';
import { pathsOf } from './constant-paths.ts';
import { namesAround } from './names.ts';
import { ownFiles } from './project.ts';
import { declarationOf, relativeFile, unwrap } from './syntax.ts';

/** A call of a query builder with its syntax. */
export interface LocatedBuilderCall extends BuilderCall {
  readonly node: CallExpression;
}

const PROMISE = new Set(['then', 'catch', 'finally']);
/** Methods that set up, open or close: no statement on rows. */
const SETUP = new Set(
  (
    'authenticate sync close destroy initialize connect release define model init belongsTo hasMany hasOne belongsToMany ' +
    'getRepository getTreeRepository transaction $transaction $connect $disconnect $on $use $extends extend on once ' +
    'createQueryRunner startTransaction commitTransaction rollbackTransaction commit rollback addHook associate schema migrate seed'
  ).split(' '),
);
const WRITES =
  /^(insert\w*|update\w*|upsert\w*|del|delete\w*|truncate|increment|decrement|create|createMany\w*|bulkCreate|findOrCreate|save|remove|soft\w+|restore|destroy|\$executeRaw\w*|replaceInto)$/;
const READS =
  /^(select\w*|first\w*|find\w*|count\w*|aggregate|groupBy|min|max|avg|sum|pluck|exists?\w*|get(Many|One|Count|Raw|Exists)\w*|from|where\w*|\$queryRaw\w*|query|paginate|with)$/;
/** Methods whose first argument is the table or entity. */
const TARGETS: Readonly<Record<string, ReadonlySet<string>>> = {
  knex: new Set(['from', 'into', 'table']),
  drizzle: new Set(['from', 'insert', 'update', 'delete']),
  typeorm: new Set(['from', 'find', 'findOne', 'findOneBy', 'findBy', 'count', 'insert', 'update', 'delete', 'into']),
};
const RAW = new Set(['raw', 'query', 'execute', '$queryRaw', '$executeRaw', '$queryRawUnsafe', '$executeRawUnsafe']);

/** The plain call, without syntax: what artifacts hold. */
export function toBuilderCall(located: LocatedBuilderCall): BuilderCall {
  const { id, library, file, line, within, kind, operations, target } = located;
  return { id, library, file, line, within, kind, operations, ...(target === undefined ? {} : { target }) };
}

/** Every statement that a query builder makes, one for each chain of calls, numbered by file and position. */
export function locateBuilderCalls(
  project: Project,
  calls: readonly CallExpression[],
  root: string,
): LocatedBuilderCall[] {
  const isUsed = ownFiles(project).some(
    (file) =>
      file.getImportStringLiterals().some((each) => isBuilderModule(each.getLiteralValue())) ||
      file.getDescendants().some((each) => Node.isCallExpression(each) && isBuilderModule(requiredName(each) ?? '')),
  );
  if (!isUsed) return [];
  const found: LocatedBuilderCall[] = [];
  for (const call of calls) {
    const chain = isOutermost(call) ? chainOf(call) : undefined;
    if (chain === undefined) continue;
    const names = chain.names.filter((each) => !PROMISE.has(each));
    if (names.some((each) => SETUP.has(each)) && !(chain.handle.target !== undefined && names[0] === 'destroy'))
      continue;
    if (names.length === 0 && !chain.isCalled) continue;
    found.push({
      id: `QB-${String(found.length + 1).padStart(3, '0')}`,
      library: chain.handle.library,
      file: relativeFile(call.getSourceFile(), root),
      line: call.getStartLineNumber(),
      within: namesAround(call),
      kind: kindOf(names, chain),
      operations: names,
      ...(chain.target === undefined ? {} : { target: chain.target }),
      node: call,
    });
  }
  return found;
}

function requiredName(call: CallExpression): string | undefined {
  const [argument] = call.getArguments();
  const isRequire = call.getExpression().getText() === 'require';
  return isRequire && Node.isStringLiteral(argument) ? argument.getLiteralValue() : undefined;
}

interface Chain {
  readonly handle: BuilderHandle;
  readonly names: readonly string[];
  readonly target: string | undefined;
  readonly isCalled: boolean;
  readonly raw: string | undefined;
}

/** Nothing is called on what the call gives, but a promise's methods. */
function isOutermost(call: CallExpression): boolean {
  if (PROMISE.has(methodOf(call) ?? '')) return false;
  const access = call.getParent();
  const next = Node.isPropertyAccessExpression(access) ? access.getParent() : undefined;
  return !(Node.isPropertyAccessExpression(access) && Node.isCallExpression(next)) || PROMISE.has(access.getName());
}

function methodOf(call: CallExpression): string | undefined {
  const callee = unwrap(call.getExpression());
  return Node.isPropertyAccessExpression(callee) ? callee.getName() : undefined;
}

/** Reads a chain of calls down to the handle that it starts at. */
function chainOf(call: CallExpression): Chain | undefined {
  const links: { readonly name: string; readonly first: Node | undefined }[] = [];
  let member: string | undefined;
  let at: Node = call;
  const chain = (handle: BuilderHandle, table: string | undefined, isCalled: boolean): Chain => ({
    handle,
    names: links.map((each) => each.name),
    target: handle.target ?? table ?? targetOf(handle.library, links) ?? member,
    isCalled,
    raw: links.flatMap(({ name, first }) => (first && RAW.has(name) ? (pathsOf(first) ?? []) : []))[0],
  });
  for (let link = 0; link < MAX_LINKS; link += 1) {
    const [own] = at !== call && Node.isExpression(at) ? builders.of(at) : [];
    if (own && (own.target !== undefined || !Node.isCallExpression(at))) return chain(own, undefined, false);
    if (Node.isCallExpression(at)) {
      const callee = unwrap(at.getExpression());
      const [first] = at.getArguments();
      if (!Node.isPropertyAccessExpression(callee)) {
        const [handle] = Node.isIdentifier(callee) ? builders.of(callee) : [];
        return handle && chain(handle, first && pathsOf(first)?.length === 1 ? entityName(first) : undefined, true);
      }
      links.unshift({ name: callee.getName(), first });
      at = unwrap(callee.getExpression());
    } else {
      // Prisma's `prisma.user.findMany()`, Drizzle's `db.query.users.findMany()`, `knex.schema`.
      if (!Node.isPropertyAccessExpression(at)) return undefined;
      if (at.getName() === 'schema') links.unshift({ name: 'schema', first: undefined });
      else if (at.getName() !== 'query' && at.getName() !== 'manager') member ??= at.getName();
      at = unwrap(at.getExpression());
    }
  }
  return undefined;
}

const MAX_LINKS = 200;

/** The table that a method of the chain names: by its text, or by the object that stands for it. */
function targetOf(
  library: string,
  links: readonly { readonly name: string; readonly first: Node | undefined }[],
): string | undefined {
  const names = TARGETS[library];
  for (const { name, first } of links) {
    if (first === undefined || names?.has(name) !== true) continue;
    const isText = pathsOf(first)?.length === 1;
    const isEntity =
      Node.isIdentifier(first) &&
      library !== 'knex' &&
      /^(Class|Variable)/.test(declarationOf(first)?.getKindName() ?? '');
    if (isText || isEntity) return entityName(first);
  }
  return undefined;
}

function kindOf(names: readonly string[], chain: Chain): BuilderCall['kind'] {
  if (chain.raw !== undefined) {
    const word = /^[\s(]*(\w+)/.exec(chain.raw)?.[1]?.toLowerCase() ?? '';
    return ['select', 'with', 'show'].includes(word)
      ? 'read'
      : ['insert', 'update', 'delete', 'replace'].includes(word)
        ? 'write'
        : 'unknown';
  }
  if (names.some((each) => WRITES.test(each))) return 'write';
  if (names.some((each) => READS.test(each)) || chain.isCalled) return 'read';
  return 'unknown';
}
