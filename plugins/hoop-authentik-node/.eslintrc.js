/**
 * The rooms of `src`, lowest first. A room may import the rooms above it in this list, and no room beside it. Production
 * code only: tests may join any rooms.
 */
const FLOORS = [
  ['core'],
  ['config', 'settingsFiles'],
  ['http'],
  ['systems/authentik', 'systems/hoop', 'systems/kubernetes', 'systems/signIn'],
  ['application', 'targets'],
  ['integration'],
  ['flows'],
  ['service'],
];

const zones = FLOORS.flatMap((rooms, floor) =>
  rooms.map(room => ({
    target: `./src/${room}`,
    from: FLOORS.slice(floor)
      .flat()
      .filter(other => other !== room)
      .map(other => `./src/${other}`),
    message: `${room} may import lower rooms only; see FLOORS in .eslintrc.js.`,
  })),
);

module.exports = require('@backstage/cli/config/eslint-factory')(__dirname, {
  settings: {
    'import/extensions': ['.ts'],
    'import/parsers': { '@typescript-eslint/parser': ['.ts'] },
    'import/resolver': { node: { extensions: ['.ts', '.js', '.json'] } },
  },
  rules: {
    'import/no-cycle': ['error', { ignoreExternal: true }],
    'import/no-restricted-paths': ['error', { basePath: __dirname, zones }],
  },
  testRules: { 'import/no-restricted-paths': 'off' },
});
