import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { ModuleKind, ModuleResolutionKind, Project, ScriptTarget, ts } from 'ts-morph';
import { CutoverError } from '../../../core/errors/index.ts';

/** Where an application's sources are: `sources` are paths or globs below `root`. */
export interface ApplicationSource {
  readonly root: string;
  readonly sources: readonly string[];
}

const EXTENSIONS = '{ts,tsx,mts,cts,js,jsx,mjs,cjs}';

/** Opens an application for the compiler, by its own tsconfig where it has one. Reads only. */
export function openProject({ root, sources }: ApplicationSource): Project {
  const base = resolve(root);
  if (!existsSync(base)) {
    throw new CutoverError('application.root-missing', { where: root, detail: 'The folder does not exist.' });
  }
  const project = new Project({
    compilerOptions: { ...ownOptions(base), ...driverTypes(base), allowJs: true, checkJs: false, noEmit: true },
    skipAddingFilesFromTsConfig: true,
  });
  project.addSourceFilesAtPaths([...globs(base, sources), `!${base}/**/node_modules/**`]);
  project.resolveSourceFileDependencies();
  const own = project.getSourceFiles().filter((file) => !file.isInNodeModules() && !file.isDeclarationFile());
  if (own.length === 0) {
    throw new CutoverError('application.no-sources', {
      where: sources.join(', '),
      detail: 'No TypeScript or JavaScript file was found there.',
    });
  }
  return project;
}

function globs(base: string, sources: readonly string[]): string[] {
  return sources.flatMap((source) => {
    const path = join(base, source);
    const isPattern = /[*{?]/.test(source) || /\.[cm]?[jt]sx?$/.test(source);
    return isPattern ? [path] : [`${path.replace(/\/$/, '')}/**/*.${EXTENSIONS}`];
  });
}

function ownOptions(base: string): ts.CompilerOptions {
  const path = join(base, 'tsconfig.json');
  const fallback: ts.CompilerOptions = {
    target: ScriptTarget.ES2023,
    module: ModuleKind.NodeNext,
    moduleResolution: ModuleResolutionKind.NodeNext,
    strict: true,
    esModuleInterop: true,
  };
  if (!existsSync(path)) return fallback;
  const { config, error } = ts.readConfigFile(path, (file) => ts.sys.readFile(file)) as {
    config: unknown;
    error?: unknown;
  };
  if (error !== undefined) return fallback;
  return ts.parseJsonConfigFileContent(config, ts.sys, base).options;
}

/** The driver's types from our own packages, for an application whose packages are not installed. */
function driverTypes(base: string): ts.CompilerOptions {
  for (let folder = base; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'node_modules', 'mysql2'))) return {};
    if (dirname(folder) === folder) break;
  }
  const own = dirname(createRequire(import.meta.url).resolve('mysql2/package.json'));
  return { paths: { mysql2: [`${own}/index.d.ts`], 'mysql2/promise': [`${own}/promise.d.ts`] } };
}
