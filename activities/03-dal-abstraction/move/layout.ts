import path from 'node:path';
import { Node, type SourceFile } from 'ts-morph';
import { requiredModules, sourceLanguage, type WrittenIn } from './source-language.ts';

/** Where things lie in the application, and how it writes its modules and imports. */
export interface Layout extends WrittenIn {
  /** Absolute folder of the application in the work tree. */
  readonly root: string;
  /** The DAL's folder below it, such as `src/dal`. */
  readonly folder: string;
  /** Suffix of relative imports: `.js`, `.ts` or none. */
  readonly suffix: string;
  /** Name of the variable that holds the DAL; `dal` unless the application uses that word already. */
  readonly variable: string;
}

/** Reads the application's own conventions off its source files and the `type` of its package.json. */
export function layoutOf(
  root: string,
  sources: readonly string[],
  files: readonly SourceFile[],
  packageType?: string,
): Layout {
  const base = sources[0] ?? '.';
  const taken = files.some((file) => path.relative(root, file.getFilePath()).startsWith(`${base}/dal/`));
  const folder = path.posix.join(base, taken ? 'data-access' : 'dal');
  const usesWord = files.some((file) =>
    file.getDescendants().some((node) => Node.isIdentifier(node) && node.getText() === 'dal'),
  );
  const written = sourceLanguage(files, packageType, (file) => path.posix.relative(root, file.getFilePath()));
  return { root, folder, ...written, suffix: importSuffix(files, written), variable: usesWord ? 'dataAccess' : 'dal' };
}

function importSuffix(files: readonly SourceFile[], { language, modules }: WrittenIn): string {
  for (const file of files) {
    const specifiers =
      modules === 'commonjs'
        ? requiredModules(file)
        : file.getImportDeclarations().map((declaration) => declaration.getModuleSpecifierValue());
    for (const specifier of specifiers) {
      if (!specifier.startsWith('.')) continue;
      return /\.(js|ts|mjs|mts|cjs)$/.exec(specifier)?.[0] ?? '';
    }
  }
  const own = /\.[cm]?js$/.exec(files[0]?.getFilePath() ?? '')?.[0];
  return language === 'javascript' && own !== undefined ? own : '.js';
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
