import path from 'node:path';
import { Node, type SourceFile } from 'ts-morph';

/** Where things lie in the application, and how it writes its imports. */
export interface Layout {
  /** Absolute folder of the application in the work tree. */
  readonly root: string;
  /** The DAL's folder below it, such as `src/dal`. */
  readonly folder: string;
  /** Suffix of relative imports: `.js`, `.ts` or none. */
  readonly suffix: string;
  /** Name of the variable that holds the DAL; `dal` unless the application uses that word already. */
  readonly variable: string;
}

/** Reads the application's own conventions off its source files. */
export function layoutOf(root: string, sources: readonly string[], files: readonly SourceFile[]): Layout {
  const base = sources[0] ?? '.';
  const taken = files.some((file) => path.relative(root, file.getFilePath()).startsWith(`${base}/dal/`));
  const folder = path.posix.join(base, taken ? 'data-access' : 'dal');
  const usesWord = files.some((file) =>
    file.getDescendants().some((node) => Node.isIdentifier(node) && node.getText() === 'dal'),
  );
  return { root, folder, suffix: importSuffix(files), variable: usesWord ? 'dataAccess' : 'dal' };
}

function importSuffix(files: readonly SourceFile[]): string {
  for (const file of files) {
    for (const declaration of file.getImportDeclarations()) {
      const specifier = declaration.getModuleSpecifierValue();
      if (!specifier.startsWith('.')) continue;
      return /\.(js|ts|mjs|mts)$/.exec(specifier)?.[0] ?? '';
    }
  }
  return '.js';
}

/** Path of a source file relative to the application, forward slashes. */
export function pathOf(layout: Layout, file: SourceFile): string {
  return path.posix.relative(layout.root, file.getFilePath());
}

/** The specifier by which one file imports another; both relative to the application, with their own extension. */
export function specifier(layout: Layout, from: string, to: string): string {
  const relative = path.posix.relative(path.posix.dirname(from), to.replace(/\.[cm]?[jt]s$/, ''));
  return `${relative.startsWith('.') ? '' : './'}${relative}${layout.suffix}`;
}
