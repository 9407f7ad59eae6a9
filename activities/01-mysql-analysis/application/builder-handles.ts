import { Node, type ClassDeclaration } from 'ts-morph';
import { pathsOf } from './constant-paths.ts';
import { importedName } from './imports.ts';
import { Origins } from './origins.ts';
import { declarationOf, isFunctionNode, unwrap } from './syntax.ts';

/** What an expression is of a query builder: the connection itself, or a table's or model's own object. */
export interface BuilderHandle {
  readonly library: string;
  /** Table or model, where the handle is of one. */
  readonly target?: string;
}

const LIBRARIES: readonly {
  readonly library: string;
  readonly module: RegExp;
  readonly makers: RegExp;
  readonly types: RegExp;
}[] = [
  { library: 'knex', module: /^knex$/, makers: /^(default|\*|knex)$/, types: /^(default|Knex)$/ },
  {
    library: 'sequelize',
    module: /^(sequelize|sequelize-typescript|@sequelize\/core)$/,
    makers: /^(default|\*|Sequelize)$/,
    types: /^(Sequelize|ModelStatic|ModelCtor|Repository)$/,
  },
  {
    library: 'typeorm',
    module: /^typeorm$/,
    makers: /^(DataSource|createConnection|getConnection|getManager|getRepository)$/,
    types: /^(DataSource|Connection|EntityManager|Repository|TreeRepository|QueryRunner|SelectQueryBuilder)$/,
  },
  {
    library: 'prisma',
    module: /^(@prisma\/client|\.{1,2}\/.*prisma.*)$/,
    makers: /^PrismaClient$/,
    types: /^PrismaClient$/,
  },
  { library: 'drizzle', module: /^drizzle-orm\/.+$/, makers: /^drizzle$/, types: /^(MySql2Database|MySqlDatabase)$/ },
];

/** Base classes whose subclasses are tables: Sequelize's models, TypeORM's active records. */
const MODELS: Readonly<Record<string, RegExp>> = { sequelize: /^Model$/, typeorm: /^(BaseEntity|Repository)$/ };
const MODEL_MAKERS = new Set([
  'define',
  'model',
  'getRepository',
  'getTreeRepository',
  'getMongoRepository',
  'withRepository',
]);
/** Methods that give the builder itself again, as another connection or inside a transaction. */
const SAME = new Set(['extend', 'withSchema', 'createQueryRunner', '$extends', 'transactionProvider']);
const TRANSACTIONS = new Set(['transaction', '$transaction', '$tx']);

/** The library whose package a name is taken from, by what it makes or by its types. */
function libraryOf(name: Node, of: 'makers' | 'types'): string | undefined {
  const from = importedName(name);
  return from && LIBRARIES.find((each) => each.module.test(from.module) && each[of].test(from.name))?.library;
}

/** Whether an import is of a library that this analysis knows as a query builder. */
export const isBuilderModule = (module: string): boolean => LIBRARIES.some((each) => each.module.test(module));

/** Follows a value to the query builder that made it. */
export const builders = new Origins<BuilderHandle>((node, of) => {
  if (Node.isCallExpression(node) || Node.isNewExpression(node)) return made(node, of);
  if (Node.isClassDeclaration(node)) return ofClass(node, 0);
  const typed =
    Node.isParameterDeclaration(node) || Node.isPropertyDeclaration(node) || Node.isVariableDeclaration(node);
  const annotation = typed ? node.getTypeNode() : undefined;
  if (Node.isTypeReference(annotation)) {
    const library = libraryOf(annotation.getTypeName(), 'types');
    const [argument] = annotation.getTypeArguments();
    if (library) return [{ library, ...(argument ? { target: entityName(argument) } : {}) }];
    const declared = declarationOf(annotation.getTypeName());
    const own = Node.isClassDeclaration(declared) ? ofClass(declared, 0) : undefined;
    if (own) return own;
  }
  return Node.isParameterDeclaration(node) ? insideTransaction(node, of) : undefined;
});

function made(node: Node, of: (node: Node) => readonly BuilderHandle[]): readonly BuilderHandle[] | undefined {
  if (!Node.isCallExpression(node) && !Node.isNewExpression(node)) return undefined;
  const callee = unwrap(node.getExpression());
  const library = libraryOf(callee, 'makers');
  const [first] = node.getArguments();
  if (library)
    return [
      {
        library,
        ...(library === 'typeorm' && /Repository$/.test(callee.getText()) && first
          ? { target: entityName(first) }
          : {}),
      },
    ];
  if (Node.isNewExpression(node)) {
    const declared = declarationOf(callee);
    return Node.isClassDeclaration(declared) ? ofClass(declared, 0) : undefined;
  }
  if (!Node.isPropertyAccessExpression(callee)) return undefined;
  const name = callee.getName();
  if (!MODEL_MAKERS.has(name) && !SAME.has(name) && !TRANSACTIONS.has(name)) return undefined;
  const base = of(callee.getExpression());
  if (base.length === 0 || !MODEL_MAKERS.has(name) || first === undefined) return base.length === 0 ? undefined : base;
  return base.map((each) => ({ library: each.library, target: entityName(first) }));
}

/** `transaction(async (trx) => …)` gives its function the builder inside the transaction. */
function insideTransaction(
  parameter: Node,
  of: (node: Node) => readonly BuilderHandle[],
): readonly BuilderHandle[] | undefined {
  const callback = parameter.getParent();
  const call = callback?.getParent();
  if (!isFunctionNode(callback) || !Node.isCallExpression(call)) return undefined;
  const callee = call.getExpression();
  if (!Node.isPropertyAccessExpression(callee) || !TRANSACTIONS.has(callee.getName())) return undefined;
  if (callback.getParameters().indexOf(parameter as never) !== 0) return undefined;
  const base = of(callee.getExpression());
  return base.length === 0 ? undefined : base;
}

/** `class User extends Model`, `class PrismaService extends PrismaClient`. */
function ofClass(declared: ClassDeclaration, depth: number): readonly BuilderHandle[] | undefined {
  const base = declared.getExtends()?.getExpression();
  if (base === undefined || depth > 4) return undefined;
  const from = importedName(base);
  const library = from && LIBRARIES.find((each) => each.module.test(from.module));
  if (from && library) {
    if (library.makers.test(from.name)) return [{ library: library.library }];
    const isModel = MODELS[library.library]?.test(from.name) === true;
    return isModel ? [{ library: library.library, target: declaredName(declared) }] : undefined;
  }
  const parent = declarationOf(base);
  const inherited = Node.isClassDeclaration(parent) ? ofClass(parent, depth + 1) : undefined;
  return inherited?.map((each) => (each.target === undefined ? each : { ...each, target: declaredName(declared) }));
}

/** The table that an entity, a table object or a name stands for, as far as the source says it. */
export function entityName(node: Node): string {
  const [text] = pathsOf(node) ?? [];
  if (text !== undefined) return text.split(/\s+as\s+|\s+/i)[0] ?? text;
  const name = Node.isTypeReference(node) ? node.getTypeName() : unwrap(node);
  const declaration = declarationOf(name);
  if (Node.isClassDeclaration(declaration)) return declaredName(declaration);
  const value = Node.isVariableDeclaration(declaration) ? declaration.getInitializer() : undefined;
  const bare = value && unwrap(value);
  // Drizzle: `const users = mysqlTable('users', { … })`.
  const [first] = Node.isCallExpression(bare) ? bare.getArguments() : [];
  const [table] = (first && pathsOf(first)) ?? [];
  return table ?? name.getText().split('.').at(-1) ?? name.getText();
}

/** `@Entity('users') class User`. */
function declaredName(declared: ClassDeclaration): string {
  for (const decorator of declared.getDecorators()) {
    const [argument] = decorator.getArguments();
    const [text] = (argument && pathsOf(argument)) ?? [];
    if (/^(Entity|Table)$/.test(decorator.getName()) && text !== undefined) return text;
  }
  return declared.getName() ?? 'default';
}
