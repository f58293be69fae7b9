module.exports = require('@backstage/cli/config/eslint-factory')(__dirname, {
  settings: {
    'import/extensions': ['.ts'],
    'import/parsers': { '@typescript-eslint/parser': ['.ts'] },
    'import/resolver': { node: { extensions: ['.ts', '.js', '.json'] } },
  },
  rules: { 'import/no-cycle': ['error', { ignoreExternal: true }] },
});
