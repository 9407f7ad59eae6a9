import { existsSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import {
  DiagnosticCategory,
  ModuleKind,
  ModuleResolutionKind,
  Project,
  ScriptTarget,
  ts,
  type SourceFile,
} from 'ts-morph';
import { CutoverError } from '../../../core/errors/index.ts';
import { confinedFileSystem } from './confined-files.ts';
import { isWithin, sourceFiles, type LeftOut } from './source-files.ts';

/** Where an application's sources are: `sources` are paths or globs below `root`. */
export interface ApplicationSource {
  readonly root: string;
  readonly sources: readonly string[];
}

const leftOutOf = new WeakMap<Project, readonly LeftOut[]>();

/** Files that opening a project found and did not read. */
export function filesLeftOut(project: Project): readonly LeftOut[] {
  return leftOutOf.get(project) ?? [];
}

/**
 * Opens an application for the compiler, by its own tsconfig where it has one. Reads only, and nothing outside the
 * application's folder but packages. Packages need not be installed: what they would tell is then read from the code.
 */
export function openProject({ root, sources }: ApplicationSource): Project {
  const base = resolve(root);
  if (!existsSync(base) || !statSync(base).isDirectory()) {
    throw new CutoverError('application.root-missing', { where: root, detail: 'There is no folder of that name.' });
  }
  for (const source of sources) {
    if (isWithin(base, resolve(base, source))) continue;
    throw new CutoverError('application.sources-outside', {
      where: source,
      detail: "It leads out of the application's folder.",
    });
  }
  const { files, leftOut } = sourceFiles(base, sources);
  const refused: LeftOut[] = [...leftOut];
  const project = new Project({
    compilerOptions: { ...ownOptions(base), ...driverTypes(base), allowJs: true, checkJs: false, noEmit: true },
    skipAddingFilesFromTsConfig: true,
    fileSystem: confinedFileSystem(base, (each) => refused.push(each)),
  });
  project.addSourceFilesAtPaths([...files]);
  project.resolveSourceFileDependencies();
  const own = ownFiles(project);
  if (own.length === 0) {
    throw new CutoverError('application.no-sources', {
      where: sources.join(', '),
      detail:
        refused.length === 0
          ? 'No TypeScript or JavaScript file was found there.'
          : `No file there can be read: ${refused.map((each) => `${each.file}: ${each.reason}`).join('; ')}.`,
    });
  }
  requireSyntax(project, own, base);
  const unique = new Map(refused.map((each) => [each.file, each]));
  leftOutOf.set(project, [...unique.values()]);
  return project;
}

/** An application's own source files, in the order of their paths: neither packages nor declarations. */
export function ownFiles(project: Project): SourceFile[] {
  return project
    .getSourceFiles()
    .filter((file) => !file.isInNodeModules() && !file.isDeclarationFile())
    .sort((left, right) => (left.getFilePath() < right.getFilePath() ? -1 : 1));
}

/**
 * Text that is no program can't be analysed: the compiler would guess, and statements would be missing or wrong. Errors
 * of types are of no account; 8xxx are TypeScript's remarks on type syntax in JavaScript.
 */
function requireSyntax(project: Project, files: readonly SourceFile[], base: string): void {
  const program = project.getProgram().compilerObject;
  const errors = files.flatMap((file) =>
    program
      .getSyntacticDiagnostics(file.compilerNode)
      .filter((each) => each.category === DiagnosticCategory.Error && (each.code < 8000 || each.code > 8999))
      .map((each) => {
        const { line } = file.getLineAndColumnAtPos(each.start);
        const text = ts.flattenDiagnosticMessageText(each.messageText, ' ');
        return { where: `${file.getFilePath().slice(base.length + 1)}:${line}`, text };
      }),
  );
  const [first] = errors;
  if (first === undefined) return;
  const shown = errors.slice(0, 10).map((each) => `${each.where} ${each.text}`);
  throw new CutoverError('application.syntax', {
    where: first.where,
    detail: `${shown.join(' ')}${errors.length > shown.length ? ` And ${errors.length - shown.length} more.` : ''}`,
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
  // Only the options are wanted; which files there are is decided by the settings.
  return ts.parseJsonConfigFileContent(config, { ...ts.sys, readDirectory: () => [] }, base).options;
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
