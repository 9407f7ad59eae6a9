import js from '@eslint/js';
import globals from 'globals';
import tseslint from 'typescript-eslint';

/** What workflow code may import: it runs in Temporal's sandbox, where only deterministic code belongs. */
const workflowImports = {
  patterns: [
    { group: ['node:*', '@aws-sdk/*', 'mysql2*', '@temporalio/client', '@temporalio/worker', '@temporalio/activity'] },
    { group: ['**/activities/*', '**/worker/*', '**/client/*', '**/stack/*'], allowTypeImports: true },
  ],
};

export default tseslint.config(
  {
    ignores: [
      '**/node_modules',
      '.cutover',
      'examples',
      'test/applications/*/**',
      'test/fixtures',
      'coverage',
      'dist',
      'client/bin',
    ],
  },
  js.configs.recommended,
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/require-await': 'off',
      eqeqeq: 'error',
    },
  },
  {
    files: ['workflows/**/*.ts'],
    ignores: ['workflows/**/*.test.ts'],
    rules: { '@typescript-eslint/no-restricted-imports': ['error', workflowImports] },
  },
  {
    files: ['**/*.{js,mjs,cjs}'],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: { globals: globals.node },
  },
);
