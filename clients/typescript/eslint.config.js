import tseslint from 'typescript-eslint';

export default tseslint.config(
  { ignores: ['**/dist/', '**/node_modules/', 'src/openapi.ts'] },
  tseslint.configs.recommended,
  {
    rules: {
      '@typescript-eslint/no-unused-expressions': ['error', { allowTernary: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
    },
  },
  // What app code in a test is handed, and what the answers of servers are, has any form.
  { files: ['test/**'], rules: { '@typescript-eslint/no-explicit-any': 'off' } },
);
