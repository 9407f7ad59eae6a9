import path from 'node:path';
import { Node, type Statement } from 'ts-morph';
import { STEP } from './edits.ts';
import type { Handles } from './handles.ts';
import { pathOf, specifier, type Layout } from './layout.ts';
import { startWithComments } from './statement-text.ts';

/** The module in which the application makes its pool. */
export interface PoolModule {
  /** Path now. */
  readonly path: string;
  /** Path of the module that gives the one DAL from then on; the same one where the module has more in it. */
  readonly dalPath: string;
  /** Nothing but the pool is in it: the whole file is replaced. */
  readonly isWhole: boolean;
  /** The pool's declaration, then what sets it up (`pool.on(…)`): all of it moves. */
  readonly statements: readonly Statement[];
}

/** Finds what makes the pool; a call site in there is part of setting it up, not data access. */
export function poolModule(handles: Handles): Omit<PoolModule, 'path' | 'dalPath'> {
  const { file, declaration, name } = handles.root;
  const own = declaration.getFirstAncestor(Node.isVariableStatement);
  const statements = file.getStatements().filter((statement) => {
    if (statement === own) return true;
    if (!Node.isExpressionStatement(statement)) return false;
    const [first] = statement.getDescendants().filter(Node.isIdentifier);
    return first?.getText() === name && handles.declarationOf(first) === declaration;
  });
  const others = file.getStatements().filter((one) => !statements.includes(one) && !Node.isImportDeclaration(one));
  return { isWhole: others.length === 0, statements };
}

export function locatePoolModule(layout: Layout, handles: Handles): PoolModule {
  const found = poolModule(handles);
  const own = pathOf(layout, handles.root.file);
  const sibling = path.posix.join(path.posix.dirname(own), `${layout.variable}${path.posix.extname(own)}`);
  return { ...found, path: own, dalPath: found.isWhole ? sibling : own };
}

/** `F/mysql/pool.ts`: the application's pool, with its options and set-up verbatim, made when it is asked for. */
export function printPool(layout: Layout, handles: Handles, module: PoolModule): string {
  const into = `${layout.folder}/mysql/pool.ts`;
  const [first, ...rest] = module.statements;
  if (first === undefined) throw new Error('a pool module without a pool');
  const { declaration, name, file } = handles.root;
  const initializer = Node.isVariableDeclaration(declaration) ? declaration.getInitializerOrThrow().getText() : '';
  const comment = file.getFullText().slice(startWithComments(first), first.getStart());
  const body = rest.map((statement) => file.getFullText().slice(startWithComments(statement), statement.getEnd()));
  const used = module.statements.flatMap((statement) => statement.getText().match(/[A-Za-z_$][\w$]*/g) ?? []);
  const imports = file.getImportDeclarations().flatMap((one) => {
    const names = one
      .getNamedImports()
      .filter((each) => used.includes((each.getAliasNode() ?? each.getNameNode()).getText()));
    const target = one.getModuleSpecifierSourceFile();
    const isOwn = one.getModuleSpecifierValue().startsWith('.') && target !== undefined;
    const from = isOwn ? specifier(layout, into, pathOf(layout, target)) : one.getModuleSpecifierValue();
    const isDriver = names.some((each) => each.getName().startsWith('createPool'));
    const list = [...names.map((each) => each.getText()), ...(isDriver ? ['type Pool'] : [])];
    const whole = [one.getDefaultImport()?.getText(), one.getNamespaceImport()?.getText()].filter(
      (each) => each !== undefined,
    );
    if (whole.length > 0) return [one.getText().replace(one.getModuleSpecifier().getText(), `'${from}'`)];
    return list.length === 0 ? [] : [`import { ${list.join(', ')} } from '${from}';`];
  });
  const type = imports.some((one) => one.includes('type Pool')) ? [] : ["import type { Pool } from 'mysql2/promise';"];
  return `${[...imports, ...type].join('\n')}

${comment}export function openPool(): Pool {
  const ${name} = ${initializer};
  ${body.join('\n\n')}
  return ${name};
}
`;
}

/** The module that gives the one DAL: until transactions are switched, the old pool beside it. */
export function printDalModule(layout: Layout, handles: Handles, module: PoolModule, step: number): string {
  const createDal = `import { createDal } from '${specifier(layout, module.dalPath, `${layout.folder}/index.ts`)}';`;
  const comment = '/** The one data access layer of this process. */';
  if (step >= STEP.transactions) return `${createDal}\n\n${comment}\nexport const ${layout.variable} = createDal();\n`;
  const types = specifier(layout, module.dalPath, `${layout.folder}/types.ts`);
  const mysql = specifier(layout, module.dalPath, `${layout.folder}/mysql/index.ts`);
  return `import { createMysqlDal } from '${mysql}';
import type { Dal } from '${types}';

const mysql = createMysqlDal();

${comment}
export const ${layout.variable}: Dal = mysql;

/** For transactions, until they are units of work. */
export const ${handles.root.name} = mysql.pool;
`;
}
