import { realpathSync } from 'node:fs';
import { relative } from 'node:path';
import { Project, type FileSystemHost } from 'ts-morph';
import { isWithin, realpathOf, refusal, type LeftOut } from './source-files.ts';

/**
 * The file system as the compiler may see it: the application's folder and packages. A file outside, or one that can't
 * be walked, is not there for it; what was asked for and refused is told.
 */
export function confinedFileSystem(root: string, refused: (file: LeftOut) => void): FileSystemHost {
  const real = new Project({ useInMemoryFileSystem: false, skipLoadingLibFiles: true }).getFileSystem();
  const inside = realpathSync(root);
  const known = new Map<string, boolean>();
  const allowed = (path: string): boolean => {
    const before = known.get(path);
    if (before !== undefined) return before;
    const result = isAllowed(path);
    known.set(path, result);
    return result;
  };
  const isAllowed = (path: string): boolean => {
    if (path.includes('/node_modules/') || /\.json$/.test(path)) return true;
    const target = realpathOf(path);
    if (target === undefined) return true;
    // An import that leads outside is told where it stands.
    if (!isWithin(inside, target)) return false;
    const reason = refusal(target);
    if (reason !== undefined) refused({ file: relative(root, path), reason });
    return reason === undefined;
  };
  return new Proxy(real, {
    get(target, name: keyof FileSystemHost) {
      if (name === 'fileExistsSync') return (path: string) => target.fileExistsSync(path) && allowed(path);
      if (name === 'readFileSync') {
        return (path: string, encoding?: string): string => {
          if (!allowed(path)) throw Object.assign(new Error(`ENOENT: ${path}`), { code: 'ENOENT' });
          return target.readFileSync(path, encoding);
        };
      }
      const member: unknown = Reflect.get(target, name);
      return typeof member === 'function' ? (member.bind(target) as unknown) : member;
    },
  });
}
