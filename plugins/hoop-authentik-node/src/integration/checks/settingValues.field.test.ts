import { SecretValue, type Settings } from '../../core';
import { settingDifferences } from './settingValues';

const SECRET = 'a-client-secret-of-128-characters';
const WANTED: Settings = {
  AUTH_METHOD: 'oidc',
  IDP_CLIENT_ID: 'the-client-id',
  IDP_CLIENT_SECRET: new SecretValue(SECRET),
  IDP_GROUPS_CLAIM: 'groups',
  IDP_ISSUER: 'https://auth.company/application/o/hoop/',
};

const actualOf = (found: Partial<Record<keyof Settings, string>>) =>
  settingDifferences({ ...WANTED, ...found }, WANTED)?.actual;

describe('a value with something that no one sees', () => {
  it.each([
    [`${SECRET}\n`, 'the secret in authentik plus a line break'],
    [`${SECRET}\r\n`, 'the secret in authentik plus a line break'],
    [`\n${SECRET}`, 'the secret in authentik plus a line break'],
    [`${SECRET} `, 'the secret in authentik plus blanks around it'],
    [`\t${SECRET}`, 'the secret in authentik plus blanks around it'],
    [`${SECRET}x\n`, 'another value'],
    ['\n', 'another value'],
  ])('should be named, but not shown: secret %j', (value, actual) => {
    expect(actualOf({ IDP_CLIENT_SECRET: value })).toBe(
      `IDP_CLIENT_SECRET=${actual}`,
    );
    expect(actualOf({ IDP_CLIENT_SECRET: value })).not.toContain(SECRET);
  });

  it.each([
    [
      { IDP_ISSUER: `${WANTED.IDP_ISSUER}\n` },
      `IDP_ISSUER=${WANTED.IDP_ISSUER} plus a line break`,
    ],
    [{ AUTH_METHOD: 'oidc ' }, 'AUTH_METHOD=oidc plus blanks around it'],
    [
      { IDP_CLIENT_ID: ' the-client-id' },
      'IDP_CLIENT_ID=the-client-id plus blanks around it',
    ],
    [
      { IDP_GROUPS_CLAIM: ' ' },
      'IDP_GROUPS_CLAIM=another value (1 characters)',
    ],
  ])('should be named: %j', (found, actual) => {
    expect(actualOf(found)).toBe(actual);
  });
});
