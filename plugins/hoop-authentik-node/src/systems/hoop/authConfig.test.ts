import fc from 'fast-check';
import { SecretValue } from '../../core';
import { everythingOf } from '../kubernetes/__testUtils__/failure';
import {
  changedDocument,
  parseAuthConfig,
  restoredDocument,
  sameDocument,
} from './authConfig';
import type { GatewayAuthConfig } from './types';

const OIDC = {
  issuer: 'https://auth.company/application/o/hoop/',
  clientId: 'the-client-id',
  clientSecret: new SecretValue('the-client-secret'),
  groupsClaim: 'groups',
};

const LOCAL = {
  auth_method: 'local',
  oidc_config: null,
  saml_config: null,
  provider_name: '',
  api_key: null,
  rollout_api_key: null,
  webapp_users_management_status: 'inactive',
  admin_role_name: 'owners',
  auditor_role_name: 'auditor',
};

function read(document: object): GatewayAuthConfig {
  const config = parseAuthConfig(document);
  if (!config) {
    throw new Error('Expected a configuration');
  }
  return config;
}

const sent = (document: SecretValue) => JSON.parse(document.reveal());

/** Members that some version of the gateway may have and that are unknown here. */
const foreign = fc
  .dictionary(fc.stringMatching(/^x_[a-z]{1,8}$/), fc.jsonValue(), {
    maxKeys: 4,
  })
  .map(members => ({ ...members }));

const documents = fc
  .record({
    method: fc.constantFrom('local', 'oidc', 'saml'),
    members: foreign,
    oidc: fc.option(
      fc.record({
        issuer_url: fc.constantFrom('', 'https://other.company/'),
        client_id: fc.string(),
        client_secret: fc.constantFrom('', 'previous-secret', 'REDACTED'),
        scopes: fc.array(fc.string(), { maxLength: 3 }),
        audience: fc.string(),
        groups_claim: fc.string(),
        nested: foreign,
      }),
    ),
    saml: fc.option(foreign),
    provider: fc.constantFrom('', 'okta', null),
    role: fc.string(),
  })
  .map(({ method, members, oidc, saml, provider, role }) => ({
    ...LOCAL,
    ...members,
    auth_method: method,
    oidc_config: oidc,
    saml_config: saml,
    provider_name: provider,
    admin_role_name: role,
  }));

describe('parseAuthConfig', () => {
  it('should read the configuration in force', () => {
    expect(
      read({
        ...LOCAL,
        auth_method: 'oidc',
        oidc_config: {
          issuer_url: OIDC.issuer,
          client_id: OIDC.clientId,
          client_secret: 'the-client-secret',
          scopes: null,
          groups_claim: 'groups',
        },
      }),
    ).toMatchObject({ authMethod: 'oidc', oidc: OIDC, stored: false });
    expect(read(LOCAL)).toMatchObject({
      authMethod: 'local',
      oidc: undefined,
      stored: false,
    });
  });

  it.each([
    ['a provider name', { provider_name: 'other' }, true],
    ['an API key', { api_key: 'xapi-1' }, true],
    ['SAML', { saml_config: { idp_metadata_url: 'https://x' } }, true],
    // It is created before anything else is stored.
    ['a pending API key', { rollout_api_key: 'xapi-1' }, false],
    ['none of them', {}, false],
  ])('should determine from %s whether it is stored', (_, members, stored) => {
    expect(read({ ...LOCAL, ...members }).stored).toBe(stored);
  });

  it.each(['', 'REDACTED', '<redacted>', '[REDACTED]', '********'])(
    'should not treat %j as a client secret',
    text => {
      const { oidc } = read({
        ...LOCAL,
        oidc_config: { issuer_url: '', client_secret: text },
      });
      expect(oidc).toMatchObject({ clientSecret: undefined });
    },
  );

  it.each([[{}], [[]], ['text'], [null], [{ auth_method: 1 }]])(
    'should not read %j',
    document => {
      expect(parseAuthConfig(document)).toBeUndefined();
    },
  );

  it('should show nothing secret', () => {
    const shown = everythingOf(
      read({
        ...LOCAL,
        api_key: 'xapi-a-key',
        rollout_api_key: 'xapi-a-new-key',
        oidc_config: { client_secret: 'the-client-secret' },
      }),
    );
    expect(shown).not.toMatch(/the-client-secret|xapi-/);
  });
});

describe('changedDocument', () => {
  it('should equal what the web form sends for a first configuration', () => {
    expect(sent(changedDocument(read(LOCAL), OIDC))).toEqual({
      ...LOCAL,
      auth_method: 'oidc',
      provider_name: 'other',
      oidc_config: {
        issuer_url: OIDC.issuer,
        client_id: OIDC.clientId,
        client_secret: 'the-client-secret',
        groups_claim: 'groups',
        scopes: ['openid', 'email', 'profile'],
        audience: '',
      },
    });
  });

  it('should not activate a pending API key', () => {
    const config = read({ ...LOCAL, rollout_api_key: 'xapi-1' });
    expect(sent(changedDocument(config, OIDC)).rollout_api_key).toBeNull();
    expect(sent(changedDocument(config, undefined)).rollout_api_key).toBeNull();
  });

  it('should keep every member that is not managed', () => {
    fc.assert(
      fc.property(documents, document => {
        const { oidc_config, auth_method, provider_name, ...rest } = sent(
          changedDocument(read(document), OIDC),
        );
        const {
          oidc_config: found,
          auth_method: _method,
          provider_name: provider,
          ...others
        } = document;
        expect(rest).toEqual(plain(others));
        expect(auth_method).toBe('oidc');
        expect(provider_name).toBe(provider || 'other');
        expect(oidc_config).toMatchObject({
          ...(found ? plain(withoutOurs(found)) : {}),
          issuer_url: OIDC.issuer,
          client_id: OIDC.clientId,
          client_secret: 'the-client-secret',
          groups_claim: 'groups',
        });
      }),
    );
  });

  it('should remove only the OpenID configuration for local accounts', () => {
    fc.assert(
      fc.property(documents, document => {
        expect(sent(changedDocument(read(document), undefined))).toEqual(
          plain({ ...document, auth_method: 'local', oidc_config: null }),
        );
      }),
    );
  });
});

describe('restoredDocument', () => {
  it('should restore the previous configuration after any change', () => {
    fc.assert(
      fc.property(documents, fc.string(), (document, role) => {
        const previous = read(document);
        const meanwhile = {
          ...sent(changedDocument(previous, OIDC)),
          admin_role_name: role,
        };
        expect(sent(restoredDocument(read(meanwhile), previous))).toEqual(
          plain({ ...document, admin_role_name: role }),
        );
      }),
    );
  });
});

describe('sameDocument', () => {
  it('should ignore the order of members', () => {
    expect(
      sameDocument(
        read({ auth_method: 'local', x: { a: 1, b: [1, 2] } }),
        read({ x: { b: [1, 2], a: 1 }, auth_method: 'local' }),
      ),
    ).toBe(true);
  });

  it.each([
    [{ x: 1 }, { x: 2 }],
    [{ x: [1, 2] }, { x: [2, 1] }],
    [{}, { x: null }],
  ])('should distinguish %j from %j', (a, b) => {
    expect(
      sameDocument(read({ ...LOCAL, ...a }), read({ ...LOCAL, ...b })),
    ).toBe(false);
  });
});

/** After a round trip through JSON. */
function plain(value: object) {
  return JSON.parse(JSON.stringify(value));
}

function withoutOurs(oidc: object) {
  const {
    issuer_url: _issuer,
    client_id: _id,
    client_secret: _secret,
    groups_claim: _claim,
    ...others
  } = oidc as Record<string, unknown>;
  return others;
}
