import { SecretValue } from '../core';
import { parseEnvFile } from './envSyntax';
import { patchEnvFile } from './patchEnvFile';
import { patchHelmValues } from './patchHelmValues';

const FORMER = 'former-secret-of-the-provider';
const URI = `https://id:${FORMER}@former.company/realms/main`;
const SECRET = 'the-client-secret-of-authentik';
const settings = {
  AUTH_METHOD: 'oidc',
  IDP_CLIENT_ID: 'the-client-id',
  IDP_GROUPS_CLAIM: 'groups',
  IDP_ISSUER: 'https://auth.company/application/o/hoop/',
};

const env = (text: string, writeClientSecret = true) => {
  const patch = patchEnvFile(text, {
    file: '.env',
    settings,
    clientSecret: new SecretValue(SECRET),
    writeClientSecret,
  });
  const values = Object.fromEntries(
    parseEnvFile('.env', patch.text).map(({ key, value }) => [key, value]),
  );
  expect(JSON.stringify([patch.changes, patch.notes])).not.toContain(FORMER);
  return { ...patch, values };
};

describe('a way off IDP_URI in env files', () => {
  it.each([
    [`IDP_URI=${URI}\n`, 'IDP_URI=\n'],
    [`IDP_URI="${URI}"\n`, "IDP_URI=''\n"],
    [`IDP_URI='${URI}' # former\n`, "IDP_URI='' # former\n"],
    [`IDP_URI=${URI} # former\r\nA=1\r\n`, "IDP_URI='' # former\r\nA=1\r\n"],
    [`export IDP_URI=${URI}\n`, 'export IDP_URI=\n'],
    [`IDP_URI=${URI}`, 'IDP_URI=\n'],
  ])('should empty it beside the settings: %j', (text, start) => {
    const { text: after, values, notes } = env(text);
    expect(after.startsWith(start)).toBe(true);
    expect(values).toMatchObject({ ...settings, IDP_URI: '' });
    expect(values.IDP_CLIENT_SECRET).toBe(SECRET);
    expect(notes.join()).toContain('IDP_URI is emptied');
    // Nothing is left to do.
    expect(env(after).changes).toEqual([]);
  });

  it('should leave it while the client secret is not there, and empty it then', () => {
    const first = env(`IDP_URI=${URI}\n`, false);
    expect(first.values).toMatchObject({ ...settings, IDP_URI: URI });
    expect(first.notes.join()).toContain('it empties IDP_URI last');
    const second = env(`${first.text}IDP_CLIENT_SECRET=${SECRET}\n`, false);
    expect(second.values).toMatchObject({ ...settings, IDP_URI: '' });
    expect(second.changes).toEqual([
      { object: '.env', field: 'IDP_URI', from: '<secret>', to: '(unset)' },
    ]);
  });

  it('should leave it while the client secret is that of another provider', () => {
    const { values } = env(
      `IDP_URI=${URI}\nIDP_CLIENT_SECRET=another\n`,
      false,
    );
    expect(values.IDP_URI).toBe(URI);
  });

  it.each(['IDP_URI\n', 'IDP_URI=$FORMER\n', 'IDP_URI=${FORMER}\n'])(
    'should be refused for %j, which only the environment knows',
    text => {
      expect(() => env(text)).toThrow('Remove it');
    },
  );
});

describe('a way off IDP_URI in values files', () => {
  const values = (text: string) => {
    const patch = patchHelmValues(text, {
      file: 'values.yaml',
      settings,
      existingSecret: 'hoop-idp',
    });
    expect(JSON.stringify([patch.changes, patch.notes])).not.toContain(FORMER);
    return patch;
  };

  it.each([
    `config:\n  IDP_URI: ${URI}\n`,
    `config:\n  IDP_URI: "${URI}" # former\n  API_URL: https://hoop.company\n`,
    `config: { IDP_URI: '${URI}' }\n`,
  ])('should write the settings first, and empty it last: %j', text => {
    const first = values(text);
    expect(first.text).toContain(URI);
    expect(first.changes.map(({ field }) => field)).not.toContain(
      'config.IDP_URI',
    );
    expect(first.notes.join()).toContain('it empties IDP_URI last');
    const second = values(first.text);
    expect(second.changes).toEqual([
      {
        object: 'values.yaml',
        field: 'config.IDP_URI',
        from: expect.stringContaining('another value'),
        to: '(unset)',
      },
    ]);
    expect(second.text).not.toContain(FORMER);
    expect(values(second.text).changes).toEqual([]);
  });

  it.each(['ref+vault://kv/hoop#IDP_URI', 'vault:kv/data/hoop#IDP_URI'])(
    'should be refused for the reference %s',
    reference => {
      expect(() => values(`config:\n  IDP_URI: "${reference}"\n`)).toThrow(
        'Remove it',
      );
    },
  );
});
