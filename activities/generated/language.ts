import { format } from 'prettier';
import type { DataAccessLayer, ModuleSystem, SourceLanguage } from '../../core/data-access.ts';
import { toCommonJs } from './common-js.ts';
import { eraseTypes } from './erase-types.ts';

/** What the application is written in, as far as files that are put into it need it. */
export interface ApplicationLanguage {
  readonly language: SourceLanguage;
  readonly modules: ModuleSystem;
  /** Suffix of relative imports: `.js`, `.ts` or none. */
  readonly importSuffix: string;
  /** CommonJS files begin with `'use strict'`. */
  readonly strict?: boolean;
}

/** The language of the application that has this layer. */
export function languageOfLayer(layer: DataAccessLayer): ApplicationLanguage {
  const { language = 'typescript', modules = 'esm', importSuffix, strict = false } = layer;
  return { language, modules, importSuffix, strict };
}

/** A file to put into the application. */
export interface GeneratedFile {
  readonly path: string;
  readonly text: string;
}

/**
 * Gives a generated TypeScript file in the application's language. For JavaScript, types go, what is exported of them
 * stays as JSDoc, and ES modules become CommonJS where the application has that. Undefined where nothing is left.
 * Specifiers of imports are expected to have the application's suffix already.
 */
export async function inLanguage(
  file: GeneratedFile,
  application: ApplicationLanguage,
): Promise<GeneratedFile | undefined> {
  if (application.language === 'typescript') return file;
  const erased = eraseTypes(file.text);
  if (erased.trim() === '') return undefined;
  const text = application.modules === 'commonjs' ? toCommonJs(erased, application.strict === true) : erased;
  return {
    path: file.path.replace(/\.ts$/, extensionOf(application)),
    text: await format(text, { parser: 'babel', printWidth: 120, singleQuote: true }),
  };
}

/** Extension of source files: `.ts`, or that of the application's own JavaScript. */
export function extensionOf({ language, importSuffix }: ApplicationLanguage): string {
  if (language === 'typescript') return '.ts';
  return importSuffix === '' ? '.js' : importSuffix;
}

/** The line that takes names from a module. */
export function importLine(
  { modules }: Pick<ApplicationLanguage, 'modules'>,
  names: readonly string[],
  from: string,
): string {
  const list = names.join(', ');
  return modules === 'esm'
    ? `import { ${list} } from '${from}';`
    : `const { ${list.replaceAll(' as ', ': ')} } = require('${from}');`;
}
