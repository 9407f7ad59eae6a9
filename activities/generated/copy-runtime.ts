import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { inLanguage, type ApplicationLanguage } from './language.ts';

const RUNTIME = fileURLToPath(new URL('../../runtime', import.meta.url));

/** How a folder of `runtime/` comes into an application. */
export interface RuntimeCopy {
  /** Folder below `runtime/`, such as `store`. */
  readonly folder: string;
  /** Absolute folder that it becomes; what is there is replaced. */
  readonly target: string;
  readonly application: ApplicationLanguage;
  /** Rewrites of import paths, before the suffix: such as `../store/` to `../dynamodb/store/`. */
  readonly paths?: Readonly<Record<string, string>>;
}

/** Copies a runtime folder without its tests, in the application's language, imports adapted. Gives the files written. */
export async function copyRuntime(copy: RuntimeCopy): Promise<string[]> {
  const source = path.join(RUNTIME, copy.folder);
  await rm(copy.target, { recursive: true, force: true });
  const entries = await readdir(source, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.name.endsWith('.test.ts'))
    .map((entry) => path.relative(source, path.join(entry.parentPath, entry.name)))
    .sort();
  const written: string[] = [];
  for (const file of files) {
    const text = adaptImports(await readFile(path.join(source, file), 'utf8'), copy);
    const generated = await inLanguage({ path: file, text }, copy.application);
    if (generated === undefined) continue;
    const target = path.join(copy.target, generated.path);
    await mkdir(path.dirname(target), { recursive: true });
    await writeFile(target, generated.text);
    written.push(generated.path);
  }
  return written;
}

/** Rewrites the specifiers of relative imports and exports: `./codec.ts` to `./codec.js`, say. */
export function adaptImports(text: string, copy: Pick<RuntimeCopy, 'application' | 'paths'>): string {
  return text.replaceAll(
    /(\bfrom\s+|\bimport\(\s*|\bimport\s+)'(\.{1,2}\/[^']*)\.ts'/g,
    (_, keyword: string, from: string) => {
      const moved = Object.entries(copy.paths ?? {}).find(([prefix]) => from.startsWith(prefix));
      const specifier = moved === undefined ? from : moved[1] + from.slice(moved[0].length);
      return `${keyword}'${specifier}${copy.application.importSuffix}'`;
    },
  );
}
