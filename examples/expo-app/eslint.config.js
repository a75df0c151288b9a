const reactHooks = require('eslint-plugin-react-hooks');
const tseslint = require('typescript-eslint');

module.exports = tseslint.config(
  { ignores: ['dist/', 'node_modules/', '.expo/', '*.config.js'] },
  tseslint.configs.recommended,
  reactHooks.configs.flat.recommended,
);
