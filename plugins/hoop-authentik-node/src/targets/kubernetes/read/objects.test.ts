import { SecretValue } from '../../../core';
import { composeEnvironment, dataOf, readsSame } from './objects';
import {
  OWN_REFERENCES,
  PLAIN_DATA,
  SECRET_DATA,
  switchedSnapshot,
} from '../__testUtils__/gatewayObjects';

describe('dataOf', () => {
  it('should decode Secrets and keep the names of what is not there', () => {
    const snapshot = switchedSnapshot();
    snapshot.configMaps.gone = undefined;
    expect(dataOf(snapshot)).toEqual({
      configMaps: { 'hoopgateway-idp': PLAIN_DATA, gone: undefined },
      secrets: { 'hoopgateway-idp': SECRET_DATA },
    });
  });
});

describe('composeEnvironment', () => {
  it('should say what the gateway makes of it', () => {
    const snapshot = switchedSnapshot();
    const { environment, outcome } = composeEnvironment(
      snapshot.container,
      dataOf(snapshot),
    );
    expect(outcome).toMatchObject({ method: 'oidc', from: 'IDP_*' });
    expect(environment.entries.get('IDP_CLIENT_SECRET')?.value).toBeInstanceOf(
      SecretValue,
    );
  });

  it('should fail for a missing reference before anything else', () => {
    expect(
      composeEnvironment(
        { envFrom: OWN_REFERENCES },
        { configMaps: { 'hoopgateway-idp': PLAIN_DATA }, secrets: {} },
      ).outcome,
    ).toEqual({
      fails: 'Secret "hoopgateway-idp" does not exist (envFrom[1])',
    });
  });
});

describe('readsSame', () => {
  const [configMap, secret] = OWN_REFERENCES;

  it.each([
    ['the same', configMap, true],
    [
      'an optional one',
      { configMapRef: { name: 'hoopgateway-idp', optional: true } },
      true,
    ],
    ['an empty prefix', { ...configMap, prefix: '' }, true],
    ['a prefix', { ...configMap, prefix: 'X_' }, false],
    ['another name', { configMapRef: { name: 'other' } }, false],
    ['another kind', secret, false],
  ])('should compare %s', (_, other, expected) => {
    expect(readsSame(configMap, other)).toBe(expected);
    expect(readsSame(other, configMap)).toBe(expected);
  });
});
