import fc from 'fast-check';
import { parse } from 'yaml';
import { SECRET_PLACEHOLDER } from './helmClientSecret';
import { patchHelmValues } from './patchHelmValues';
import { betweenForeign, textOf } from './__testUtils__/pieces';
import { valuesFiles } from './__testUtils__/valuesFiles';

const RUNS = { numRuns: 200 };

const values = fc.constantFrom(
  'client-1',
  'oidc',
  'groups',
  'true',
  '0123',
  'https://a.company/application/o/x/',
  'a # b',
  '"quoted": {x}',
  'back\\slash',
  ' ümlaut ',
);

const allSettings = fc.record({
  AUTH_METHOD: values,
  IDP_CLIENT_ID: values,
  IDP_GROUPS_CLAIM: values,
  IDP_ISSUER: values,
});

const secrets = fc.option(fc.constantFrom('hoop-idp', 'a.b'), {
  nil: undefined,
});

function read(text: string): Record<string, unknown> {
  return parse(text, { merge: true }) ?? {};
}

/** What the edited file must parse to, computed independently. */
function expectedData(
  text: string,
  wrapped: boolean,
  settings: Record<string, string>,
  existingSecret: string | undefined,
) {
  const root = read(text);
  const chart = wrapped ? Object(root['hoop-chart'] ?? {}) : root;
  const edited = {
    ...chart,
    ...(existingSecret && { existingSecret }),
    config: {
      ...chart.config,
      ...settings,
      ...(existingSecret && { IDP_CLIENT_SECRET: SECRET_PLACEHOLDER }),
    },
  };
  return wrapped ? { ...root, 'hoop-chart': edited } : edited;
}

/** What is between the foreign pieces and is neither a setting nor layout. */
function notOurs(gaps: string[]): string {
  return gaps
    .join('\n')
    .replace(
      /"?(?:IDP_\w+|AUTH_METHOD|existingSecret)"?:[ \t]*(?:&own-\d+ |!!str )*(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|\|-\s+\S+|[\w.:/*-]*)/g,
      '',
    )
    .replace(/"?config"?:(?: &mine)?(?: null| ~)?/, '')
    .replace(/[\s,{}]/g, '');
}

describe('patchHelmValues on any values file', () => {
  it('should change only the settings, and be idempotent', () => {
    fc.assert(
      fc.property(
        valuesFiles,
        allSettings,
        secrets,
        ({ pieces, configPath }, settings, existingSecret) => {
          const before = textOf(pieces);
          const options = {
            file: 'values.yaml',
            settings,
            configPath,
            existingSecret,
          };

          const { text, changes } = patchHelmValues(before, options);

          expect(read(text)).toEqual(
            expectedData(
              before,
              configPath !== 'config',
              settings,
              existingSecret,
            ),
          );
          expect(notOurs(betweenForeign(pieces, text))).toBe('');
          expect(text.endsWith('\n')).toBe(before.endsWith('\n'));
          expect(changes.length === 0).toBe(text === before);
          expect(patchHelmValues(text, options)).toMatchObject({
            text,
            changes: [],
          });
        },
      ),
      RUNS,
    );
  });
});
