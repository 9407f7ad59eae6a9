import { join } from 'node:path';
import { ModuleKind, ModuleResolutionKind, Project, ScriptTarget } from 'ts-morph';

/** Files of a fixture live in no real folder; inside the repository, so that the driver's types are found. */
export const FIXTURE_ROOT = join(import.meta.dirname, 'fixture');

/** A small application held in memory. Keys are paths below its root. */
export function fixture(files: Readonly<Record<string, string>>): Project {
  const project = new Project({
    compilerOptions: {
      target: ScriptTarget.ES2023,
      module: ModuleKind.NodeNext,
      moduleResolution: ModuleResolutionKind.NodeNext,
      strict: true,
      allowJs: true,
      esModuleInterop: true,
    },
    skipAddingFilesFromTsConfig: true,
  });
  for (const [path, text] of Object.entries(files)) project.createSourceFile(join(FIXTURE_ROOT, path), text);
  project.resolveSourceFileDependencies();
  return project;
}
