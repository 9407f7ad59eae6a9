import js from '@eslint/js';
import tseslint from 'typescript-eslint';

// What needs types is checked by `npm run build`; so linting takes seconds.
export default tseslint.config(
  { ignores: ['node_modules'] },
  js.configs.recommended,
  tseslint.configs.strict,
  {
    rules: { '@typescript-eslint/consistent-type-imports': 'error', eqeqeq: 'error' },
  },
  // Tests look into answers of any form.
  { files: ['tests/**/*.ts'], rules: { '@typescript-eslint/no-explicit-any': 'off' } },
);
