import { readdirSync, realpathSync, statSync } from 'node:fs';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import { ts } from 'ts-morph';

/** A file that is not read, and why; nothing is left out without being said. */
export interface LeftOut {
  /** Relative to the application's folder. */
  readonly file: string;
  readonly reason: string;
}

export interface SourceFiles {
  readonly files: readonly string[];
  readonly leftOut: readonly LeftOut[];
}

/** Bigger files are bundles or data; no person wrote them. */
export const MAX_FILE_BYTES = 4 * 1024 * 1024;
/** How deep syntax may be nested: far more than people write, far less than what ends a recursive walk. */
export const MAX_DEPTH = 600;

const SOURCE_FILE = /\.[cm]?[jt]sx?$/;
const EXTENSIONS = ['.ts', '.tsx', '.mts', '.cts', '.js', '.jsx', '.mjs', '.cjs'];
const SKIPPED_FOLDERS = new Set(['node_modules', '.git']);

/** Whether a path is the folder or below it; both must be absolute. */
export function isWithin(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}

/**
 * The source files below some folders of an application. Symbolic links are followed as long as they stay inside;
 * each real folder is entered once, so that a loop ends.
 */
export function sourceFiles(root: string, sources: readonly string[]): SourceFiles {
  const files = new Set<string>();
  const leftOut: LeftOut[] = [];
  const entered = new Set<string>();
  const real = realpathSync(root);
  const leave = (path: string, reason: string): void => {
    leftOut.push({ file: relative(root, path), reason });
  };
  const enter = (path: string): void => {
    const target = realpathOf(path);
    if (target === undefined) leave(path, 'the symbolic link leads nowhere');
    else if (!isWithin(real, target)) leave(path, "the symbolic link leads out of the application's folder");
    else if (statSync(target).isDirectory()) {
      if (entered.has(target)) return;
      entered.add(target);
      for (const each of readdirSync(path, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
        if (SKIPPED_FOLDERS.has(each.name)) continue;
        const inner = join(path, each.name);
        if (each.isDirectory() || each.isSymbolicLink() || SOURCE_FILE.test(each.name)) enter(inner);
      }
    } else if (SOURCE_FILE.test(path) && !entered.has(target)) {
      entered.add(target);
      const reason = refusal(target);
      if (reason === undefined) files.add(path);
      else leave(path, reason);
    }
  };
  for (const source of sources) {
    const isPattern = /[*?]/.test(source);
    const matches = isPattern ? ts.sys.readDirectory(root, EXTENSIONS, ['**/node_modules'], [source]) : [source];
    for (const each of [...matches].sort()) enter(resolve(root, each));
  }
  return { files: [...files].sort(), leftOut };
}

export function realpathOf(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}

/** Why a file is not read at all, if so: its size, or syntax nested deeper than it can be walked. */
export function refusal(path: string): string | undefined {
  const { size } = statSync(path);
  if (size > MAX_FILE_BYTES) return `the file has ${size} bytes; more than ${MAX_FILE_BYTES} are not read`;
  const text = ts.sys.readFile(path) ?? '';
  try {
    const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, false);
    return depthOf(file) > MAX_DEPTH ? TOO_DEEP : undefined;
  } catch (error) {
    if (error instanceof RangeError) return TOO_DEEP;
    throw error;
  }
}

const TOO_DEEP = `the syntax is nested more than ${MAX_DEPTH} levels deep`;

/** The depth of a tree, walked without recursion. */
function depthOf(file: ts.SourceFile): number {
  let deepest = 0;
  const open: { node: ts.Node; depth: number }[] = [{ node: file, depth: 1 }];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const { node, depth } = at;
    deepest = Math.max(deepest, depth);
    if (deepest > MAX_DEPTH) return deepest;
    ts.forEachChild(node, (child) => {
      open.push({ node: child, depth: depth + 1 });
    });
  }
  return deepest;
}
