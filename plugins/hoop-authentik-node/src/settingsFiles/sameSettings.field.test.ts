import { patchEnvFile } from './patchEnvFile';
import { patchHelmValues } from './patchHelmValues';

const ISSUER = 'https://auth.company/application/o/hoop/';
const settings = {
  AUTH_METHOD: 'oidc',
  IDP_CLIENT_ID: 'the-client-id',
  IDP_GROUPS_CLAIM: 'groups',
  IDP_ISSUER: ISSUER,
};

const envWith = (method: string, issuer: string) =>
  `AUTH_METHOD=${method}\nIDP_ISSUER=${issuer}\nIDP_CLIENT_ID=the-client-id\nIDP_GROUPS_CLAIM=groups\n`;
const valuesWith = (method: string, issuer: string) =>
  `config:\n  AUTH_METHOD: ${method}\n  IDP_ISSUER: ${issuer}\n  IDP_CLIENT_ID: the-client-id\n  IDP_GROUPS_CLAIM: groups\n`;

const FILES = {
  env: (...values: [string, string]) =>
    patchEnvFile(envWith(...values), { file: '.env', settings }),
  values: (...values: [string, string]) =>
    patchHelmValues(valuesWith(...values), { file: 'values.yaml', settings }),
};

describe.each(['env', 'values'] as const)(
  'settings with the same effect in %s files',
  kind => {
    const fields = (...values: [string, string]) =>
      FILES[kind](...values).changes.map(({ field }) =>
        field.replace('config.', ''),
      );

    it.each([
      ['idp', ISSUER],
      ['oidc', `${ISSUER}?_userinfo=1`],
      ['idp', `${ISSUER}?_userinfo=1`],
    ])('should stay: %s, %s', (...values) => {
      expect(fields(...values)).not.toContain('AUTH_METHOD');
      expect(fields(...values)).not.toContain('IDP_ISSUER');
    });

    it('should keep the option _userinfo where the issuer changes', () => {
      const { text } = FILES[kind](
        'idp',
        'https://former.company/o/x/?_userinfo=1',
      );
      expect(text).toContain(`${ISSUER}?_userinfo=1`);
      expect(text).toContain('idp');
    });

    it.each([
      ['IDP', ISSUER],
      ['oidc', ISSUER.slice(0, -1)],
    ])('should not hide a difference: %s, %s', (...values) => {
      expect(fields(...values)).not.toHaveLength(0);
    });
  },
);
