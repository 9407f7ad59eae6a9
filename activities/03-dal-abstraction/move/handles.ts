import { Node, type Expression, type SourceFile } from 'ts-morph';
import { CutoverError } from '../../../core/errors/index.ts';
import { handleOf } from '../../01-mysql-analysis/application/driver.ts';
import { importedName } from '../../01-mysql-analysis/application/imports.ts';
import type { LocatedCallSite } from '../../01-mysql-analysis/application/index.ts';
import { STEP } from './edits.ts';
import { pathOf, type Layout } from './layout.ts';

/** A parameter, property or variable of the application that holds a pool (or either a pool or a connection). */
export interface HeldPool {
  readonly declaration: Node;
  readonly name: Node;
  readonly mayBeConnection: boolean;
  /** Its name from then on. */
  readonly newName: string;
}

/** Where the driver's pool and connections go in the application. */
export interface Handles {
  /** By declaration. The module-level pool itself is not among them. */
  readonly held: ReadonlyMap<Node, HeldPool>;
  /** The one `const pool = createPool(…)`. */
  readonly root: {
    readonly declaration: Node;
    readonly name: string;
    readonly file: SourceFile;
    /** How it answers: `mysql` and `mysql2` know callbacks only, `mysql2/promise` promises only. */
    readonly style: 'promise' | 'callback';
    /** The package that it comes from. */
    readonly driver: string;
  };
  /** The step in which a file is switched: with its transactions, or before them. */
  stepOf(file: SourceFile): number;
  /** The declaration that a name stands for, imports followed. */
  declarationOf(name: Node): Node | undefined;
}

/** Refuses a shape, with its place. */
export function refuse(layout: Layout, node: Node, detail: string): CutoverError {
  const where = `${pathOf(layout, node.getSourceFile())}:${node.getStartLineNumber()}`;
  return new CutoverError('dal.unsupported-shape', { where, detail });
}

/** Finds the pool, everything that holds it, and the order in which files can be switched. */
export function findHandles(
  layout: Layout,
  files: readonly SourceFile[],
  callSites: readonly LocatedCallSite[],
): Handles {
  const held = new Map<Node, HeldPool>();
  const withTransactions = new Set<SourceFile>();
  let root: Handles['root'] | undefined;
  for (const file of files) {
    for (const node of file.getDescendants()) {
      if (!Node.isIdentifier(node)) continue;
      const parent = node.getParent();
      const isName =
        (Node.isParameterDeclaration(parent) ||
          Node.isPropertyDeclaration(parent) ||
          Node.isVariableDeclaration(parent)) &&
        parent.getNameNode() === node;
      if (!isName) continue;
      const kinds = handleOf(node)?.kinds;
      if (kinds === undefined) continue;
      if (kinds.includes('connection')) withTransactions.add(file);
      if (!kinds.includes('pool')) continue;
      if (Node.isVariableDeclaration(parent) && isCreatePool(parent.getInitializer())) {
        if (root !== undefined) throw refuse(layout, parent, 'There is a second pool; the data access layer has one.');
        if (!Node.isSourceFile(parent.getVariableStatement()?.getParent())) {
          throw refuse(
            layout,
            parent,
            'The pool is created inside a function; create it once, at the top of a module.',
          );
        }
        root = { declaration: parent, name: node.getText(), file, ...driverOf(parent.getInitializer()) };
        continue;
      }
      const newName = node.getText() === 'pool' ? layout.variable : node.getText();
      held.set(parent, { declaration: parent, name: node, mayBeConnection: kinds.includes('connection'), newName });
    }
  }
  if (root === undefined) {
    const where = layout.root;
    throw new CutoverError('dal.unsupported-shape', {
      where,
      detail: 'No pool made by createPool at the top of a module was found.',
    });
  }
  const late = spread(files, withTransactions, held, callSites);
  return { held, root, stepOf: (file) => (late.has(file) ? STEP.transactions : STEP.callSites), declarationOf };
}

function isCreatePool(initializer: Expression | undefined): boolean {
  return (
    Node.isCallExpression(initializer) && /(^|\.)createPool(Promise)?$/.test(initializer.getExpression().getText())
  );
}

/** By the package that the pool is made by. */
function driverOf(initializer: Expression | undefined): Pick<Handles['root'], 'style' | 'driver'> {
  const callee = Node.isCallExpression(initializer) ? initializer.getExpression() : undefined;
  const driver = (callee && importedName(callee)?.module) ?? 'mysql2/promise';
  return { driver, style: driver === 'mysql' || driver === 'mysql2' ? 'callback' : 'promise' };
}

/** Files that have to be switched together with transactions, since they pass pools or row types to one another. */
function spread(
  files: readonly SourceFile[],
  first: ReadonlySet<SourceFile>,
  held: ReadonlyMap<Node, HeldPool>,
  callSites: readonly LocatedCallSite[],
): Set<SourceFile> {
  const together: [SourceFile, SourceFile][] = [];
  for (const file of files) {
    for (const node of file.getDescendants()) {
      if (!Node.isIdentifier(node)) continue;
      const from = declarationOf(node);
      // A pool that came by a parameter and is passed on: giver and taker must agree on its type.
      const taker = from !== undefined && held.has(from) ? takingParameter(outermost(node)) : undefined;
      if (taker !== undefined) together.push([file, taker.getSourceFile()], [taker.getSourceFile(), file]);
    }
  }
  const helpers = new Set(callSites.flatMap(({ helper }) => helper?.declaration.getSourceFile() ?? []));
  for (const { node, helper } of callSites) {
    // A helper and its callers change what one gives to the other; helpers call one another.
    if (helper !== undefined)
      for (const file of helpers) together.push([node.getSourceFile(), file], [file, node.getSourceFile()]);
    for (const argument of node.getTypeArguments().flatMap((one) => [one, ...one.getDescendants()])) {
      const declaration = Node.isIdentifier(argument) ? declarationOf(argument) : undefined;
      const declaredIn = declaration?.getSourceFile();
      // While a call still gives a row type to the driver, that type must stay one of the driver's.
      if (declaredIn !== undefined && !declaredIn.isInNodeModules()) together.push([node.getSourceFile(), declaredIn]);
    }
  }
  const late = new Set(first);
  for (let grown = true; grown;) {
    const before = late.size;
    for (const [giver, taker] of together) if (late.has(giver)) late.add(taker);
    grown = late.size > before;
  }
  return late;
}

/** The whole of `this.pool` for the name `pool` in it. */
export function outermost(name: Node): Node {
  const parent = name.getParent();
  return Node.isPropertyAccessExpression(parent) && parent.getNameNode() === name ? parent : name;
}

/** The parameter that takes an argument of a call or `new`. */
export function takingParameter(argument: Node): Node | undefined {
  const call = argument.getParent();
  if (!Node.isCallExpression(call) && !Node.isNewExpression(call)) return undefined;
  const index = call.getArguments().indexOf(argument);
  if (index < 0) return undefined;
  const checker = call.getProject().getTypeChecker();
  const signature = checker.getResolvedSignature(call);
  const parameter = signature?.getParameters()[index]?.getValueDeclaration();
  return parameter !== undefined && !parameter.getSourceFile().isInNodeModules() ? parameter : undefined;
}

/** What a name stands for; the alias of an import is followed. */
export function declarationOf(name: Node): Node | undefined {
  const symbol = name.getSymbol();
  const target = symbol?.getAliasedSymbol() ?? symbol;
  return target?.getValueDeclaration() ?? target?.getDeclarations()[0];
}
