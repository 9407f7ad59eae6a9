import { readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';
import { repeatedBlocks } from './repeated-blocks.ts';

/** What a strict reviewer of generated code would send back: repeated blocks, and `any` as the compiler sees it. */
export async function review(application: string, folder: string): Promise<string[]> {
  return [...(await repeatedBlocks(join(application, folder))), ...(await uncheckedValues(application, folder))];
}

/** Places where a value has the type `any`, written or inferred. Plain JavaScript has no types to look at. */
export async function uncheckedValues(application: string, folder: string): Promise<string[]> {
  const files = (await readdir(join(application, folder), { recursive: true })).filter((file) =>
    /\.[cm]?ts$/.test(file),
  );
  if (files.length === 0) return [];
  const eslint = new ESLint({
    cwd: application,
    overrideConfigFile: true,
    overrideConfig: [
      {
        files: ['**/*.ts'],
        languageOptions: {
          parser: tseslint.parser,
          parserOptions: { projectService: true, tsconfigRootDir: application },
        },
        linterOptions: { noInlineConfig: true },
        plugins: { '@typescript-eslint': tseslint.plugin },
        rules: Object.fromEntries(RULES.map((rule) => [`@typescript-eslint/${rule}`, 'error'])),
      },
    ],
  });
  const results = await eslint.lintFiles(files.map((file) => join(folder, file)));
  return results.flatMap(({ filePath, messages }) =>
    messages.map(({ line, message }) => `${relative(application, filePath)}:${line} ${message}`),
  );
}

const RULES = [
  'no-explicit-any',
  'no-unsafe-argument',
  'no-unsafe-assignment',
  'no-unsafe-call',
  'no-unsafe-member-access',
  'no-unsafe-return',
  'ban-ts-comment',
];
