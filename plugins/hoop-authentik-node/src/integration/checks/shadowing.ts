import { SETTING_KEYS } from 'backstage-plugin-hoop-authentik-common';
import { withValue, type CheckDefinition } from './check';

/** @internal */
export const shadowing: CheckDefinition = {
  id: 'kubernetes.shadowing',
  system: 'kubernetes',
  title: 'Nothing overrides the settings',
  why: 'A setting that another source wins has no effect, however right it is.',
  mend: 'Remove the setting from the source that the finding names.',
  preflight: true,
  run: ({ observed }) =>
    withValue(observed.target, ({ state }) => {
      const shadowed = SETTING_KEYS.flatMap(key => {
        const winner = state.settings[key].shadowedBy;
        return winner ? [`${key} is set by ${winner}`] : [];
      });
      const overridden = state.overrides.map(
        ({ key, source }) => `${key} is set by ${source}`,
      );
      const actual = [...shadowed, ...overridden];
      return actual.length === 0
        ? { status: 'pass' }
        : {
            status: 'fail',
            expected: 'our objects have the last word on the settings',
            actual: actual.join('; '),
            remedy: [
              ...state.overrides.map(({ remedy }) => remedy),
              ...(shadowed.length > 0
                ? ['Remove these keys from the source that overrides them.']
                : []),
            ].join(' '),
          };
    }),
};
