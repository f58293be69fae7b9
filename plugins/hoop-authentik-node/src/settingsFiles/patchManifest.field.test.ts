import { SecretValue } from '../core';
import { patchManifest, type ManifestOptions } from './patchManifest';

const ISSUER = 'https://authentik.company/application/o/hoop/';
const SECRET = 'the-client-secret-of-authentik';

const OPTIONS: ManifestOptions = {
  file: 'hoop.yaml',
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

const SETTINGS = `  AUTH_METHOD: oidc
  IDP_CLIENT_ID: client-1
  IDP_GROUPS_CLAIM: groups
  IDP_ISSUER: ${ISSUER}
`;

const base64 = (text: string) => Buffer.from(text).toString('base64');

const object = (kind: string, rest: string, name = 'hoop') =>
  `apiVersion: v1\nkind: ${kind}\nmetadata:\n  name: ${name}\n${rest}`;

const API_URL = '  API_URL: https://hoop.company\n';

function patch(text: string, options: Partial<ManifestOptions> = {}) {
  return patchManifest(text, { ...OPTIONS, ...options });
}

describe('the manifest of a ConfigMap or Secret in a repository', () => {
  it.each([
    [
      'a ConfigMap',
      object('ConfigMap', `data:\n${API_URL}`),
      object('ConfigMap', `data:\n${API_URL}${SETTINGS}`),
    ],
    [
      'a ConfigMap with other values',
      object(
        'ConfigMap',
        `data:\n${API_URL}  AUTH_METHOD: local # old\n  IDP_URI: ""\n`,
      ),
      object(
        'ConfigMap',
        `data:\n${API_URL}  AUTH_METHOD: oidc # old\n  IDP_URI: ""\n${SETTINGS.replace(
          /.*AUTH_METHOD.*\n/,
          '',
        ).replace(/: (.*)/g, ': "$1"')}`,
      ),
    ],
    [
      'a ConfigMap without data',
      object('ConfigMap', ''),
      object('ConfigMap', `data:\n${SETTINGS}`),
    ],
    [
      'stringData of a Secret',
      object('Secret', `stringData:\n${API_URL}`),
      object('Secret', `stringData:\n${API_URL}${SETTINGS}`),
    ],
    [
      'a Secret without data',
      object('Secret', 'type: Opaque\n'),
      object('Secret', `type: Opaque\nstringData:\n${SETTINGS}`),
    ],
    [
      'data of a Secret',
      object('Secret', `data:\n  AUTH_METHOD: ${base64('local')}\n`),
      object(
        'Secret',
        `data:\n${SETTINGS.replace(
          /: (.*)/g,
          (_, value) => `: ${base64(value)}`,
        )}`,
      ),
    ],
    [
      'a Secret with both',
      object(
        'Secret',
        `data:\n  AUTH_METHOD: ${base64('local')}\nstringData:\n${API_URL}`,
      ),
      object(
        'Secret',
        `data:\n  AUTH_METHOD: ${base64(
          'oidc',
        )}\nstringData:\n${API_URL}${SETTINGS.replace(
          /.*AUTH_METHOD.*\n/,
          '',
        )}`,
      ),
    ],
  ])('%s is edited in place, once', (_, before, after) => {
    const unquoted = (text: string) => text.replace(/"/g, '');
    const { text, changes } = patch(before);
    expect(unquoted(text)).toBe(unquoted(after));
    expect(changes).toHaveLength(4);
    expect(patch(text)).toMatchObject({ text, changes: [] });
  });

  it.each([
    ['ConfigMap', 'data', (text: string) => text],
    ['Secret', 'data', base64],
    ['Secret', 'stringData', (text: string) => text],
  ])('IDP_URI of a %s in %s is emptied last', (kind, field, written) => {
    const uri = written('https://id:former-secret@former.company/');
    const text = object(kind, `${field}:\n  IDP_URI: "${uri}"\n`);
    const first = patch(text);
    expect(first.text).toContain(uri);
    const second = patch(first.text);
    expect(second.changes.map(({ field: name }) => name)).toEqual([
      `${field}.IDP_URI`,
    ]);
    expect(second.text).toContain('IDP_URI: ""');
    expect(JSON.stringify([first, second].map(one => one.notes))).not.toContain(
      'former-secret',
    );
    expect(JSON.stringify(second.changes)).not.toContain('former-secret');
    expect(patch(second.text).changes).toEqual([]);
  });

  it('one of several objects is chosen, and the others keep every byte', () => {
    const several = [
      object('ConfigMap', `data: {API_URL: "x"}\n`, 'other'),
      `--- # next\n`,
      object('Deployment', 'spec: {}\n'),
      '---\n',
      object('ConfigMap', `data:\n${API_URL}`),
      '---\n',
      object('Secret', 'stringData: {A: b}\n'),
    ];
    expect(
      patch(several.join(''), { document: { kind: 'ConfigMap', name: 'hoop' } })
        .text,
    ).toBe(several.with(4, `${several[4]}${SETTINGS}`).join(''));
    expect(() => patch(several.join(''))).toThrow(/4 YAML documents/);
  });

  it.each([
    ['values of a chart', 'config: {}\n', 'expected a ConfigMap or a Secret'],
    [
      'a HelmRelease',
      object('HelmRelease', 'spec: {}\n'),
      'hoop:helmValues:patch',
    ],
    [
      'a kustomization',
      object('Kustomization', 'configMapGenerator: []\n'),
      'hoop:envFile:patch',
    ],
    [
      'a SealedSecret',
      object('SealedSecret', 'spec: {encryptedData: {A: x}}\n'),
      'found another kind',
    ],
    [
      'an immutable ConfigMap',
      object('ConfigMap', 'immutable: true\ndata: {}\n'),
      'immutable',
    ],
    [
      'another API_URL',
      object('ConfigMap', 'data: {API_URL: http://localhost:8009}\n'),
      'another redirect URI',
    ],
    [
      'another admin group, encoded',
      object(
        'Secret',
        `data: {API_URL: ${base64(
          'https://hoop.company',
        )}, ADMIN_USERNAME: ${base64('hoop-admins')}}\n`,
      ),
      'ADMIN_USERNAME is "hoop-admins"',
    ],
    [
      'a reference in IDP_URI',
      object('ConfigMap', 'data: {IDP_URI: "${FORMER}"}\n'),
      'IDP_URI is set',
    ],
    [
      'a Secret sealed by SOPS',
      object('Secret', 'stringData: {A: x}\nsops: {mac: x}\n'),
      'sealed by SOPS',
    ],
    [
      'a Secret that SOPS encrypts',
      object(
        'Secret',
        'stringData: {A: x}\nsops: {mac: x, mac_only_encrypted: true, encrypted_regex: ^(data|stringData)$}\n',
      ),
      'SOPS encrypts stringData.AUTH_METHOD',
    ],
    [
      'a client secret in clear text',
      object('Secret', `stringData: {IDP_CLIENT_SECRET: ${SECRET}}\n`),
      'looks like a value',
    ],
    [
      'an encoded client secret',
      object('Secret', `data: {IDP_CLIENT_SECRET: ${base64(SECRET)}}\n`),
      'looks like a value',
    ],
    [
      'the client secret under another key',
      object('Secret', `data: {OLD: ${base64(SECRET)}}\n`),
      'another place',
    ],
  ])('%s: refused, and no secret is shown', (_, text, message) => {
    expect(() => patch(text)).toThrow(message);
    expect(() => patch(text)).not.toThrow(SECRET);
    expect(() => patch(text)).not.toThrow(base64(SECRET));
  });

  it.each([
    ['stringData', '${HOOP_CLIENT_SECRET}'],
    ['stringData', 'ENC[AES256_GCM,data:x]'],
    ['data', '<path:secret/data/hoop#secret | base64encode>'],
    ['data', base64('vault:secret/data/hoop#secret')],
  ])('a reference in %s stays: %s', (field, value) => {
    const before = object(
      'Secret',
      `${field}:\n  IDP_CLIENT_SECRET: "${value}"\n`,
    );
    const { text, notes } = patch(before);
    expect(text.startsWith(before)).toBe(true);
    expect(notes.join()).not.toContain('IDP_CLIENT_SECRET');
  });

  it('the client secret under the key of another setting is never shown', () => {
    const { changes } = patch(
      object('Secret', `data:\n  IDP_CLIENT_ID: ${base64(SECRET)}\n`),
    );
    expect(JSON.stringify(changes)).not.toContain(SECRET);
    expect(JSON.stringify(changes)).not.toContain(base64(SECRET));
  });
});
