import { SecretValue } from '../core';
import { patchEnvFile, type EnvFileOptions } from './patchEnvFile';

const ISSUER = 'https://authentik.company/application/o/hoop/';
const SECRET = 'the-client-secret-of-authentik';

const OPTIONS: EnvFileOptions = {
  file: '.env',
  settings: {
    AUTH_METHOD: 'oidc',
    IDP_CLIENT_ID: 'client-1',
    IDP_GROUPS_CLAIM: 'groups',
    IDP_ISSUER: ISSUER,
  },
  clientSecret: new SecretValue(SECRET),
  gateway: {
    adminGroup: 'admin',
    redirectUri: 'https://hoop.company/api/callback',
  },
};

const SETTINGS = `AUTH_METHOD=oidc
IDP_CLIENT_ID=client-1
IDP_GROUPS_CLAIM=groups
IDP_ISSUER=${ISSUER}
`;

function patch(text: string, options: Partial<EnvFileOptions> = {}) {
  return patchEnvFile(text, { ...OPTIONS, ...options });
}

const RIGHT = 'API_URL=https://hoop.company\nIDP_CLIENT_SECRET=';

describe('an env file of another gateway', () => {
  it.each([
    ['API_URL=http://localhost:8009\n', '"http://localhost:8009"'],
    ['API_URL=https://hoop.company:443\n', 'another redirect URI'],
    ['API_URL=https://HOOP.company\n', 'another redirect URI'],
    ['API_URL=https://hoop-staging.company/\n', 'hoop-staging'],
    ['API_URL=hoop.company\n', 'no redirect URI'],
    ['API_URL=https://hoop.company\nAPI_URL=http://x\n', '"http://x"'],
    ['API_URL=# later\n', 'no redirect URI'],
  ])('%j is refused for its API_URL', (text, message) => {
    expect(() => patch(text)).toThrow(message);
    expect(() => patch(text, { allowLockout: true })).toThrow(message);
    expect(() => patch(text)).toThrow(
      /expected "https:\/\/hoop\.company\/api\/callback"/,
    );
  });

  it.each([
    'API_URL=https://hoop.company\n',
    'API_URL=https://hoop.company///\n',
    'API_URL="https://hoop.company/"\n',
    'API_URL=HTTPS://hoop.company\n',
  ])('%j fits', text => {
    expect(patch(`${text}IDP_CLIENT_SECRET=${SECRET}\n`).notes).toEqual([]);
  });

  it.each([
    ['', 'does not set API_URL'],
    ['API_URL=\n', 'does not set API_URL'],
    ['API_URL=${PUBLIC_URL}\n', 'API_URL by a reference'],
    ['API_URL\n', 'API_URL by a reference'],
  ])('%j is noted for its API_URL', (text, note) => {
    expect(patch(text).notes.join()).toContain(note);
  });

  it.each([
    ['ADMIN_USERNAME=hoop-admins\n', '"hoop-admins"'],
    ['ADMIN_USERNAME=Admin\n', '"Admin"'],
    ['ADMIN_USERNAME="admin "\n', 'ADMIN_USERNAME is'],
    ['ADMIN_USERNAME=admin\t# group\n', 'ADMIN_USERNAME is another value'],
  ])('%j is refused for its ADMIN_USERNAME', (text, message) => {
    const file = `${RIGHT}${SECRET}\n${text}`;
    expect(() => patch(file)).toThrow(message);
    expect(() => patch(file)).toThrow('allowLockout');
    const { notes, text: after } = patch(file, { allowLockout: true });
    expect(notes.join()).toContain('administrators of that group');
    expect(after).toBe(`${file}${SETTINGS}`);
  });

  it('a file without ADMIN_USERNAME is noted where the group is not the default', () => {
    const gateway = { ...OPTIONS.gateway!, adminGroup: 'hoop-admins' };
    expect(patch(`${RIGHT}${SECRET}\n`, { gateway }).notes).toEqual([
      expect.stringContaining('does not set ADMIN_USERNAME'),
    ]);
    expect(
      patch(`${RIGHT}${SECRET}\nADMIN_USERNAME=$GROUP\n`, { gateway }).notes,
    ).toEqual([expect.stringContaining('by a reference')]);
  });

  it.each(['old-provider-secret', "'quoted old secret'", 'x'])(
    'the secret %j of a former provider is noted, and never shown',
    secret => {
      const { notes, text } = patch(`${RIGHT}${secret}\n`);
      expect(notes).toEqual([
        expect.stringContaining('is not the client secret'),
      ]);
      expect(notes.join()).not.toContain('old');
      expect(text).toBe(`${RIGHT}${secret}\n${SETTINGS}`);
    },
  );
});

describe('an env file with a reference in the place of the client secret', () => {
  it.each([
    'op://platform/hoop/client-secret',
    'ref+vault://secret/hoop#/secret',
    '${HOOP_CLIENT_SECRET}',
    '"${HOOP_CLIENT_SECRET}"',
    '$HOOP_CLIENT_SECRET',
    'arn:aws:secretsmanager:eu-central-1:1:secret:hoop',
    'ENC[AES256_GCM,data:x,type:str]',
  ])('%s stays, and is no other secret', reference => {
    const file = `${RIGHT}${reference}\n`;
    expect(patch(file)).toMatchObject({
      text: `${file}${SETTINGS}`,
      notes: [],
    });
    const written = patch(file, { writeClientSecret: true });
    expect(written.text).toBe(`${file}${SETTINGS}`);
    expect(written.notes).toEqual([
      expect.stringContaining('was left as it is'),
    ]);
  });
});

describe('an env file in which a "#" is part of a value', () => {
  it.each(['IDP_URI= # leave empty\n', 'IDP_URI=# none\n', 'IDP_URI=\t#\n'])(
    '%j is refused: the gateway would not boot',
    text => {
      expect(() => patch(text)).toThrow('starts no comment');
    },
  );

  it.each([
    ['AUTH_METHOD=oidc\t# sign-in\n', 'AUTH_METHOD=oidc # sign-in\n'],
    ['AUTH_METHOD=# sign-in\n', 'AUTH_METHOD=oidc # sign-in\n'],
    ['AUTH_METHOD=oidc# sign-in\n', 'AUTH_METHOD=oidc\n'],
    ['AUTH_METHOD= # sign-in\r\n', 'AUTH_METHOD= oidc # sign-in\r\n'],
  ])('%j gets the right value', (before, after) => {
    expect(patch(before).text.startsWith(after)).toBe(true);
  });
});

describe('an env file sealed by SOPS', () => {
  const seal = 'sops_version=3.9.0\nsops_mac=ENC[AES256_GCM,data:x,type:str]\n';

  it.each([
    ['by default', ''],
    ['with a rule', 'sops_encrypted_regex=^IDP_CLIENT_SECRET$\n'],
    ['with a seal of everything', 'sops_mac_only_encrypted=false\n'],
  ])('is refused %s', (_, rule) => {
    expect(() => patch(`A=1\n${seal}${rule}`)).toThrow('sealed by SOPS');
  });

  it.each([
    'sops_encrypted_regex=^(IDP_CLIENT_SECRET|POSTGRES_DB_URI)$\n',
    'sops_encrypted_suffix=_SECRET\n',
    'sops_unencrypted_regex=^(AUTH_METHOD|IDP_CLIENT_ID|IDP_ISSUER|IDP_GROUPS_CLAIM)$\n',
  ])('may change where %j leaves the values plain', rule => {
    const file = `${RIGHT}ENC[x]\n${seal}sops_mac_only_encrypted=true\n${rule}`;
    expect(patch(file)).toMatchObject({
      text: `${file}${SETTINGS}`,
      notes: [],
    });
  });

  it.each([
    ['', 'SOPS encrypts AUTH_METHOD'],
    ['sops_unencrypted_suffix=_plain\n', 'SOPS encrypts AUTH_METHOD'],
    ['sops_encrypted_regex=^IDP_\n', 'SOPS encrypts IDP_CLIENT_ID'],
    ['sops_unencrypted_regex=^AUTH\n', 'SOPS encrypts IDP_CLIENT_ID'],
    ['sops_encrypted_regex=^(([A-Z]+)*)*$\n', 'not evaluated'],
  ])('is refused where %j encrypts them', (rule, message) => {
    expect(() =>
      patch(`A=1\n${seal}sops_mac_only_encrypted=true\n${rule}`),
    ).toThrow(message);
  });

  it('that is right already stays as it is', () => {
    const file = `${RIGHT}ENC[x]\n${SETTINGS}${seal}`;
    expect(patch(file)).toMatchObject({ text: file, changes: [], notes: [] });
  });
});
