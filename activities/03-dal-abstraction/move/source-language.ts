import { Node, type SourceFile } from 'ts-morph';
import { CutoverError } from '../../../core/errors/index.ts';
import type { ModuleSystem, SourceLanguage } from '../../../core/data-access.ts';

/** What the application's sources are written in. */
export interface WrittenIn {
  readonly language: SourceLanguage;
  readonly modules: ModuleSystem;
  /** Its CommonJS files begin with `'use strict'`. */
  readonly strict: boolean;
}

/**
 * Tells the language by extensions, package.json and what the sources do. TypeScript counts as ES modules, whatever it is
 * compiled to. Refuses JavaScript that has both kinds of modules: what is added could not be used by all of it.
 */
export function sourceLanguage(
  files: readonly SourceFile[],
  packageType: string | undefined,
  nameOf: (file: SourceFile) => string,
): WrittenIn {
  if (files.some((file) => /\.[cm]?tsx?$/.test(file.getFilePath())))
    return { language: 'typescript', modules: 'esm', strict: false };
  const kinds = files.map((file) => ({ file, modules: modulesOf(file, packageType) }));
  const known = kinds.filter(({ modules }) => modules !== undefined);
  const modules = known[0]?.modules ?? (packageType === 'module' ? 'esm' : 'commonjs');
  const other = known.find((one) => one.modules !== modules);
  if (other !== undefined) {
    throw new CutoverError('dal.unsupported-shape', {
      where: nameOf(other.file),
      detail: `It is ${other.modules === 'esm' ? 'an ES module' : 'CommonJS'}, and other sources are not; use one kind of modules.`,
    });
  }
  const strict = modules === 'commonjs' && files.some((file) => /^\s*['"]use strict['"]/.test(file.getFullText()));
  return { language: 'javascript', modules, strict };
}

/** As Node decides; undefined for a file that neither imports nor exports anything where both are possible. */
function modulesOf(file: SourceFile, packageType: string | undefined): ModuleSystem | undefined {
  const name = file.getFilePath();
  if (name.endsWith('.mjs')) return 'esm';
  if (name.endsWith('.cjs')) return 'commonjs';
  if (packageType === 'module') return 'esm';
  // Without a type, Node and bundlers take `import` and `export` for what they are.
  const isModule = file
    .getStatements()
    .some(
      (one) =>
        Node.isImportDeclaration(one) ||
        Node.isExportDeclaration(one) ||
        Node.isExportAssignment(one) ||
        (Node.isExportable(one) && one.isExported() && one.getExportKeyword() !== undefined),
    );
  if (isModule) return 'esm';
  return requiredModules(file).length > 0 || /\bmodule\.exports\b|\bexports\./.test(file.getFullText())
    ? 'commonjs'
    : undefined;
}

/** What a file asks for by `require('…')`, in order. */
export function requiredModules(file: SourceFile): string[] {
  return file.getDescendants().flatMap((node) => {
    if (!Node.isCallExpression(node) || node.getExpression().getText() !== 'require') return [];
    const [argument] = node.getArguments();
    return Node.isStringLiteral(argument) ? [argument.getLiteralValue()] : [];
  });
}
