import { Node, type SourceFile } from 'ts-morph';
import { TO_CALLBACK } from './callback-calls.ts';
import { STEP, textAfter, type EditList } from './edits.ts';
import type { Handles } from './handles.ts';
import { pathOf, specifier, type Layout } from './layout.ts';
import type { PoolModule } from './pool-module.ts';
import { exportEntry, namesUsed, requireOf, type RequireStatement } from './requires.ts';
import { startWithComments } from './statement-text.ts';

/**
 * Puts a CommonJS file's `require`s in order at each step, by what its text has come to use: the DAL and its helpers
 * are required where the pool was, and what nothing uses any more goes, constants that moved with their SQL included.
 */
export function rewriteRequires(
  layout: Layout,
  handles: Handles,
  module: PoolModule,
  file: SourceFile,
  constants: ReadonlySet<Node>,
  edits: EditList,
): void {
  const path = pathOf(layout, file);
  const original = file.getFullText();
  const before = [...(edits.all().get(path) ?? [])];
  if (before.length === 0 && !module.isWhole) return;
  const requires = file.getStatements().flatMap((one) => requireOf(one) ?? []);
  const isOfPool = (one: RequireStatement): boolean =>
    one.moduleNode.getSymbol()?.getDeclarations()[0] === handles.root.file;
  const anchor = requires.find(isOfPool) ?? requires.at(-1);
  const usedAtFirst = namesUsed(original);
  for (const step of [STEP.factory, STEP.callSites, STEP.transactions]) {
    const used = namesUsed(textAfter(original, before, step));
    const lines = linesFor(used);
    for (const one of requires) {
      const isGone = module.isWhole && isOfPool(one);
      const kept = isGone ? '' : keptOf(one, used, usedAtFirst);
      const alias =
        isGone && Node.isIdentifier(one.name) && used.has(one.name.getText()) ? poolAs(one.name.getText()) : [];
      const text = [kept, ...alias, ...(one === anchor ? lines : [])].filter((each) => each !== '').join('\n');
      if (text !== one.statement.getText()) replace(one.statement, text, step);
    }
    if (anchor === undefined && lines.length > 0) {
      const first =
        file
          .getStatements()
          .find((one) => !/^['"]use strict['"]/.test(one.getText()))
          ?.getStart() ?? 0;
      edits.add(path, { start: first, end: first, text: `${lines.join('\n')}\n\n`, step });
    }
    for (const declaration of constants) {
      const statement = declaration.getFirstAncestor(Node.isVariableStatement);
      const isMine = declaration.getSourceFile() === file && Node.isVariableDeclaration(declaration);
      if (!isMine || statement === undefined || statement.getDeclarations().length > 1) continue;
      const isExportedStill = file
        .getDescendants()
        .some(
          (each) =>
            Node.isIdentifier(each) && each.getText() === declaration.getName() && exportEntry(each) !== undefined,
        );
      if (used.has(declaration.getName()) || isExportedStill) continue;
      const blank = /^[ \t]*\n?(?:[ \t]*\n)?/.exec(original.slice(statement.getEnd()))?.[0].length ?? 0;
      edits.add(path, { start: startWithComments(statement), end: statement.getEnd() + blank, text: '', step });
    }
  }

  function linesFor(used: ReadonlySet<string>): string[] {
    const names = [
      ...(used.has(layout.variable) ? [layout.variable] : []),
      ...(file === handles.root.file && used.has(handles.root.name) ? [handles.root.name] : []),
    ];
    return [
      ...(names.length === 0
        ? []
        : [`const { ${names.join(', ')} } = require('${specifier(layout, path, module.dalPath)}');`]),
      ...(used.has(TO_CALLBACK)
        ? [`const { ${TO_CALLBACK} } = require('${specifier(layout, path, `${layout.folder}/to-callback.js`)}');`]
        : []),
    ];
  }

  function poolAs(name: string): string[] {
    const { name: own } = handles.root;
    return [
      `const { ${name === own ? own : `${own}: ${name}`} } = require('${specifier(layout, path, module.dalPath)}');`,
    ];
  }

  function replace(statement: Node, text: string, step: number): void {
    const newline = text === '' && original[statement.getEnd()] === '\n' ? 1 : 0;
    edits.add(path, { start: statement.getStart(), end: statement.getEnd() + newline, text, step });
  }
}

/** A `require` without the names that nothing uses any more; what nobody ever used stays as it is. */
function keptOf(one: RequireStatement, used: ReadonlySet<string>, usedAtFirst: ReadonlySet<string>): string {
  const isKept = (name: string): boolean => used.has(name) || !usedAtFirst.has(name);
  if (!Node.isObjectBindingPattern(one.name)) return isKept(one.name.getText()) ? one.statement.getText() : '';
  const elements = one.name.getElements();
  const kept = elements.filter((each) => isKept(each.getName()));
  if (kept.length === elements.length) return one.statement.getText();
  if (kept.length === 0) return '';
  return one.statement.getText().replace(one.name.getText(), `{ ${kept.map((each) => each.getText()).join(', ')} }`);
}

/** Takes names out of what a CommonJS file exports, at the step of the file. */
export function removeExports(
  layout: Layout,
  handles: Handles,
  file: SourceFile,
  names: ReadonlySet<string>,
  edits: EditList,
): void {
  const entries = file
    .getDescendants()
    .filter((node) => Node.isIdentifier(node) && names.has(node.getText()))
    .flatMap((node) => exportEntry(node) ?? []);
  const path = pathOf(layout, file);
  const step = handles.stepOf(file);
  const objects = new Set(entries.map((entry) => entry.getParent()).filter(Node.isObjectLiteralExpression));
  for (const object of objects) {
    const kept = object.getProperties().filter((property) => !entries.includes(property));
    const text = kept.length === 0 ? '{}' : `{ ${kept.map((property) => property.getText()).join(', ')} }`;
    edits.add(path, { start: object.getStart(), end: object.getEnd(), text, step });
  }
  for (const entry of entries.filter(Node.isExpressionStatement)) {
    const newline = file.getFullText()[entry.getEnd()] === '\n' ? 1 : 0;
    edits.add(path, { start: entry.getStart(), end: entry.getEnd() + newline, text: '', step });
  }
}
