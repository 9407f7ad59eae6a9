import path from 'node:path';
import { Node, type SourceFile, type Statement } from 'ts-morph';
import { isDriverModule } from '../../01-mysql-analysis/application/driver.ts';
import { STEP, type EditList } from './edits.ts';
import { outermost, refuse, type Handles } from './handles.ts';
import { pathOf, specifier, type Layout } from './layout.ts';
import { exportOf, isCommonJs, isRequired, requireOf } from './requires.ts';
import { startWithComments } from './statement-text.ts';
import { exportPosition, resolveName } from './types-used.ts';

/** The module in which the application makes its pool. */
export interface PoolModule {
  /** Path now. */
  readonly path: string;
  /** Path of the module that gives the one DAL from then on, beside it. */
  readonly dalPath: string;
  /** Nothing but the pool is in it: the whole file goes. Otherwise the rest of it stays. */
  readonly isWhole: boolean;
  /** The pool's declaration, then what sets it up (`pool.on(…)`): all of it moves. */
  readonly statements: readonly Statement[];
}

/** Finds what makes the pool; a call site in there is part of setting it up, not data access. */
export function poolModule(handles: Handles): Omit<PoolModule, 'path' | 'dalPath'> {
  const { file, declaration, name } = handles.root;
  const own = declaration.getFirstAncestor(Node.isVariableStatement);
  const making = file.getStatements().filter((statement) => {
    if (statement === own) return true;
    if (!Node.isExpressionStatement(statement) || exportOf(statement) !== undefined) return false;
    const [first] = statement.getDescendants().filter(Node.isIdentifier);
    return first?.getText() === name && handles.declarationOf(first) === declaration;
  });
  const statements = isCommonJs(file) ? withOnlyTheirs(handles, making) : making;
  const others = file
    .getStatements()
    .filter((one) => !statements.includes(one) && !Node.isImportDeclaration(one) && !isModuleFrame(handles, one));
  return { isWhole: others.length === 0, statements };
}

/** `'use strict'`, a `require`, or the export of the pool alone: nothing that would have to stay for itself. */
function isModuleFrame(handles: Handles, statement: Statement): boolean {
  if (/^(['"])use strict\1;?$/.test(statement.getText()) || requireOf(statement) !== undefined) return true;
  const exported = exportOf(statement);
  const values = Node.isObjectLiteralExpression(exported)
    ? exported.getProperties().map((one) => (Node.isShorthandPropertyAssignment(one) ? one.getNameNode() : one))
    : [exported];
  return (
    exported !== undefined &&
    values.every((one) => Node.isIdentifier(one) && handles.declarationOf(one) === handles.root.declaration)
  );
}

/** With the constants above that nothing else in the module uses: `const target = new URL(…)`. */
function withOnlyTheirs(handles: Handles, making: readonly Statement[]): Statement[] {
  const { file } = handles.root;
  const result = new Set(making);
  const names = file.getDescendants().filter(Node.isIdentifier);
  for (const statement of [...file.getStatements()].reverse()) {
    if (!Node.isVariableStatement(statement) || result.has(statement) || requireOf(statement) !== undefined) continue;
    const declared = statement.getDeclarations();
    const uses = names.filter((name) =>
      declared.some((one) => name !== one.getNameNode() && handles.declarationOf(name) === one),
    );
    const isTheirs = (use: Node): boolean => use.getAncestors().some((one) => Node.isStatement(one) && result.has(one));
    if (uses.length > 0 && uses.every(isTheirs)) result.add(statement);
  }
  return file.getStatements().filter((statement) => result.has(statement));
}

export function locatePoolModule(layout: Layout, handles: Handles): PoolModule {
  const found = poolModule(handles);
  const own = pathOf(layout, handles.root.file);
  const sibling = path.posix.join(path.posix.dirname(own), `${layout.variable}${path.posix.extname(own)}`);
  return { ...found, path: own, dalPath: sibling };
}

/** What stays of a module that has more in it than the pool: refused when that uses the pool or the driver itself. */
export function keepTheRest(layout: Layout, handles: Handles, module: PoolModule, edits: EditList): void {
  const { file, declaration } = handles.root;
  if (isCommonJs(file)) {
    for (const statement of module.statements) removeWhole(file, startWithComments(statement), statement.getEnd());
    refuseCircle(layout, handles, module);
    return;
  }
  const isMoved = (node: Node): boolean =>
    module.statements.some((one) => one === node || node.getAncestors().includes(one));
  const names = file.getDescendants().filter(Node.isIdentifier);
  const staying = names.filter(
    (name) => !isMoved(name) && name.getFirstAncestor(Node.isImportDeclaration) === undefined,
  );
  for (const name of staying) {
    const fromDriver = importOf(name, file);
    if (handles.declarationOf(name) !== declaration && (fromDriver === undefined || !isDriverModule(fromDriver)))
      continue;
    throw refuse(layout, name, 'The pool shares its module with code that uses it; give the pool a module of its own.');
  }
  for (const name of ownNamesUsed(handles, module)) {
    const used = resolveName(layout, file, name);
    if (used === undefined || used.isExported) continue;
    const start = exportPosition(used.declaration);
    edits.add(module.path, { start, end: start, text: 'export ', step: STEP.mysql });
  }
  for (const statement of module.statements) removeWhole(file, startWithComments(statement), statement.getEnd());
  const needed = new Set(staying.map((name) => name.getText()));
  for (const one of file.getImportDeclarations()) {
    const given = one.getImportClause()?.getDescendants().filter(Node.isIdentifier) ?? [];
    const isNeeded = (name: Node): boolean => needed.has(name.getText());
    if (given.length === 0 || given.every(isNeeded)) continue;
    if (!given.some(isNeeded)) {
      removeWhole(file, one.getStart(), one.getEnd());
      continue;
    }
    const kept = one.getNamedImports().filter((each) => isNeeded(each.getAliasNode() ?? each.getNameNode()));
    const clause = [
      one.getDefaultImport()?.getText(),
      kept.length === 0 ? undefined : `{ ${kept.map((each) => each.getText()).join(', ')} }`,
    ].filter((part) => part !== undefined);
    const text = `import ${one.isTypeOnly() ? 'type ' : ''}${clause.join(', ')} from ${one.getModuleSpecifier().getText()};`;
    edits.add(module.path, { start: one.getStart(), end: one.getEnd(), text, step: STEP.factory });
  }

  /** With the line's end, and one empty line after it. */
  function removeWhole(from: SourceFile, start: number, end: number): void {
    const blank = /^[ \t]*\n?(?:[ \t]*\n)?/.exec(from.getFullText().slice(end))?.[0].length ?? 0;
    edits.add(module.path, { start, end: end + blank, text: '', step: STEP.factory });
  }
}

/** What the pool needs can't be required from a module that requires the pool's layer in its turn. */
function refuseCircle(layout: Layout, handles: Handles, module: PoolModule): void {
  const [name] = ownNamesUsed(handles, module);
  if (name === undefined) return;
  const detail = `The pool needs ${name} of its own module, and the rest of the module needs it as well; put it into a module of its own.`;
  throw refuse(layout, handles.root.declaration, detail);
}

/** The module that a name is imported from, if it is. */
function importOf(name: Node, file: SourceFile): string | undefined {
  return file
    .getImportDeclarations()
    .find((one) =>
      one
        .getImportClause()
        ?.getDescendants()
        .some((each) => Node.isIdentifier(each) && each.getText() === name.getText()),
    )
    ?.getModuleSpecifierValue();
}

/** Names of the module's other statements that the pool's own need. */
function ownNamesUsed(handles: Handles, module: PoolModule): string[] {
  const { file, declaration } = handles.root;
  const names = module.statements.flatMap((statement) => statement.getDescendants().filter(Node.isIdentifier));
  const own = names.filter((name) => {
    const target = handles.declarationOf(name);
    if (target === undefined || target === declaration || target.getSourceFile() !== file) return false;
    if (Node.isPropertyAccessExpression(name.getParent()) && outermost(name) !== name) return false;
    if (isRequired(name) || isBoundByRequire(target)) return false;
    return !module.statements.some((statement) => target.getAncestors().includes(statement));
  });
  return [...new Set(own.map((name) => name.getText()))].sort();
}

function isBoundByRequire(declaration: Node): boolean {
  const statement = declaration.getFirstAncestor(Node.isVariableStatement);
  return statement !== undefined && requireOf(statement) !== undefined;
}

/** `F/mysql/pool.ts`: the application's pool, with its options and set-up verbatim, made when it is asked for. */
export function printPool(layout: Layout, handles: Handles, module: PoolModule): string {
  const { declaration, name, file, driver } = handles.root;
  const own = declaration.getFirstAncestor(Node.isVariableStatement);
  const made = module.statements.find((statement) => statement === own);
  if (made === undefined) throw new Error('a pool module without a pool');
  const initializer = Node.isVariableDeclaration(declaration) ? declaration.getInitializerOrThrow().getText() : '';
  const comment = file.getFullText().slice(startWithComments(made), made.getStart());
  const withComments = (statement: Statement): string =>
    file.getFullText().slice(startWithComments(statement), statement.getEnd());
  const at = module.statements.indexOf(made);
  const before = module.statements.slice(0, at).map(withComments);
  const body = module.statements.slice(at + 1).map(withComments);
  const used = module.statements.flatMap((statement) => statement.getText().match(/[A-Za-z_$][\w$]*/g) ?? []);
  const imports = isCommonJs(file)
    ? requiredByPool(layout, file, new Set(used))
    : importedByPool(layout, handles, module, new Set(used));
  const type = imports.some((one) => one.includes('type Pool')) ? [] : [`import type { Pool } from '${driver}';`];
  return `${[...imports, ...type].join('\n')}

${before.length === 0 ? '' : `${before.join('\n')}\n\n`}${comment}export function openPool(): Pool {
  const ${name} = ${initializer};
  ${body.join('\n\n')}
  return ${name};
}
`;
}

function importedByPool(layout: Layout, handles: Handles, module: PoolModule, used: ReadonlySet<string>): string[] {
  const into = `${layout.folder}/mysql/pool.ts`;
  const { file } = handles.root;
  const imports = file.getImportDeclarations().flatMap((one) => {
    const names = one
      .getNamedImports()
      .filter((each) => used.has((each.getAliasNode() ?? each.getNameNode()).getText()));
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
  const own = ownNamesUsed(handles, module);
  if (own.length > 0) imports.push(`import { ${own.join(', ')} } from '${specifier(layout, into, module.path)}';`);
  return imports;
}

/** What the pool needs of the modules that its own required, as imports. */
function requiredByPool(layout: Layout, file: SourceFile, used: ReadonlySet<string>): string[] {
  const into = `${layout.folder}/mysql/pool.ts`;
  return file.getStatements().flatMap((statement) => {
    const one = requireOf(statement);
    if (one === undefined) return [];
    const target = one.moduleNode.getSymbol()?.getDeclarations().find(Node.isSourceFile);
    const isOwn = one.module.startsWith('.') && target !== undefined;
    const from = isOwn ? specifier(layout, into, pathOf(layout, target)) : one.module;
    if (!Node.isObjectBindingPattern(one.name)) {
      return used.has(one.name.getText()) ? [`import * as ${one.name.getText()} from '${from}';`] : [];
    }
    const names = one.name
      .getElements()
      .filter((each) => used.has(each.getName()))
      .map((each) => {
        const property = each.getPropertyNameNode()?.getText();
        return property === undefined ? each.getName() : `${property} as ${each.getName()}`;
      });
    return names.length === 0 ? [] : [`import { ${names.join(', ')} } from '${from}';`];
  });
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
