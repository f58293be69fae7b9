import { SecretValue } from '../core';
import { ISSUER, patch } from './__testUtils__/helmSettings';
import { SECRET_PLACEHOLDER } from './helmClientSecret';

const SECRET = 'the-client-secret-of-authentik';

const settings = (indent: string) =>
  [
    'AUTH_METHOD: oidc',
    'IDP_CLIENT_ID: client-1',
    'IDP_GROUPS_CLAIM: groups',
    `IDP_ISSUER: ${ISSUER}`,
  ]
    .map(line => `${indent}${line}\n`)
    .join('');

const gateway = {
  adminGroup: 'admin',
  redirectUri: 'https://hoop.company/api/callback',
};

describe('a values file of another gateway', () => {
  it.each([
    ['API_URL: http://localhost:8009', '"http://localhost:8009"'],
    ['API_URL: "https://hoop.company:443"', 'another redirect URI'],
    ['API_URL: https://Hoop.company', 'another redirect URI'],
    ['API_URL: 8009', 'no redirect URI'],
    ['ADMIN_USERNAME: hoop-admins', 'ADMIN_USERNAME is "hoop-admins"'],
    ['ADMIN_USERNAME: Admin', 'ADMIN_USERNAME is "Admin"'],
    ['ADMIN_USERNAME: 12', 'ADMIN_USERNAME is another value'],
  ])('%s is refused', (line, message) => {
    const whole = `config:\n  API_URL: https://hoop.company\n  ${line}\n`;
    const unique = line.startsWith('API_URL') ? `config:\n  ${line}\n` : whole;
    expect(() => patch(unique, { gateway })).toThrow(message);
  });

  it.each([
    ['ADMIN_USERNAME: hoop-admins', 'administrators of that group'],
    ['ADMIN_USERNAME: ${ADMIN_GROUP}', 'ADMIN_USERNAME by a reference'],
  ])('%s is noted with allowLockout', (line, note) => {
    const { notes } = patch(
      `config:\n  API_URL: https://hoop.company\n  ${line}\n`,
      { gateway, allowLockout: true },
    );
    expect(notes.join()).toContain(note);
  });

  it.each([
    ['config: {LOG_LEVEL: info}\n', 'does not set API_URL'],
    ['config: {API_URL: null}\n', 'does not set API_URL'],
    ['config: {API_URL: "{{ .Values.url }}"}\n', 'API_URL by a reference'],
    ['config: {API_URL: ref+ssm://hoop/url}\n', 'API_URL by a reference'],
  ])('%j is noted', (text, note) => {
    expect(patch(text, { gateway }).notes.join()).toContain(note);
  });
});

describe('a values file with a reference in the place of the client secret', () => {
  it.each([
    'ref+k8s://v1/Secret/hoop/hoop-idp/secret',
    'ref+s3://bucket/secrets.yaml#/hoop',
    'ref+tfstates3://bucket/state/output.secret',
    'secretref+vault://secret/hoop',
    'vault:secret/data/hoop#secret',
    'op://platform/hoop/secret',
    'arn:aws:secretsmanager:eu-central-1:1:secret:hoop',
    'gcp:secretmanager:projects/acme/secrets/hoop',
    '"#{HoopSecret}#"',
    '$(HOOP_SECRET)',
    'hoop-secret@azurekeyvault',
    '\'{{ requiredEnv "HOOP_SECRET" | quote }}\'',
    'ENC[AES256_GCM,data:x,type:str]',
  ])('%s stays, with and without removeClearSecret', reference => {
    const text = `config:\n  IDP_CLIENT_SECRET: ${reference}\n`;
    for (const removeClearSecret of [false, true]) {
      for (const existingSecret of [undefined, 'hoop-idp']) {
        expect(
          patch(text, { removeClearSecret, existingSecret }).text,
        ).toContain(`${text}${settings('  ')}`);
      }
    }
  });

  it.each(['hunter2', '12345', '"p@ss w0rd"', 'true', 'x{{y'])(
    '%s looks like a value: refused, and never emptied',
    value => {
      const text = `config:\n  IDP_CLIENT_SECRET: ${value}\n`;
      expect(() => patch(text)).toThrow('looks like a value');
      expect(() => patch(text, { removeClearSecret: true })).toThrow(
        'needs a Secret to replace it',
      );
      expect(
        patch(text, { removeClearSecret: true, existingSecret: 'hoop-idp' })
          .text,
      ).toContain(SECRET_PLACEHOLDER);
    },
  );

  it('the secret of authentik is called clear text', () => {
    expect(() =>
      patch(`config:\n  IDP_CLIENT_SECRET: ${SECRET}\n`, {
        clientSecret: new SecretValue(SECRET),
      }),
    ).toThrow('is the client secret in clear text');
  });
});

describe('a file that is a template of a values file', () => {
  it.each([
    'config:\n  IDP_CLIENT_SECRET: {{ requiredEnv "X" | quote }}\n',
    'config:\n  API_URL: {{ .Values.url }}\n  LOG_LEVEL: info\n',
    '{{- if eq .Environment.Name "prod" }}\nconfig:\n  A: 1\n{{- end }}\n',
    'config:\n  {{- range .x }}\n  A: 1\n  {{- end }}\n',
    'config:\n{% if prod %}\n  A: 1\n{% endif %}\n',
    'config:\n  A: <%= @x %>\n  <% if y %>\n',
    'list:\n- {{ toYaml .x | nindent 2 }}\n',
  ])('%j is left alone', text => {
    expect(() => patch(text)).toThrow('a template that makes YAML');
  });

  it.each([
    "config:\n  A: '{{ .Values.x }}'\n",
    'config:\n  A: "{{ x }}"\n',
    'config:\n  # {{ x }}\n  A: 1\n',
    'config:\n  A: hoop-{{ x }}\n',
    'config:\n  A: |\n    {{ x }}\n    {% y %}\n',
  ])('%j is a values file', text => {
    expect(patch(text).text).toBe(`${text}${settings('  ')}`);
  });
});

describe('a values file sealed by SOPS', () => {
  const seal = (rules: string) =>
    `sops:\n  version: 3.9.0\n  mac: ENC[AES256_GCM,data:x]\n${rules}`;
  const config = (secret: string) =>
    `config:\n  IDP_CLIENT_SECRET: ${secret}\n`;

  it.each([
    ['', 'any edit breaks its seal'],
    ['  mac_only_encrypted: false\n', 'any edit breaks its seal'],
    ['  mac_only_encrypted: true\n', 'SOPS encrypts config.AUTH_METHOD'],
    [
      '  mac_only_encrypted: true\n  encrypted_regex: ^config$\n',
      'SOPS encrypts config.AUTH_METHOD',
    ],
    [
      '  mac_only_encrypted: true\n  unencrypted_regex: ^AUTH\n',
      'SOPS encrypts config.IDP_CLIENT_ID',
    ],
    [
      '  mac_only_encrypted: true\n  encrypted_suffix: _ID\n',
      'SOPS encrypts config.IDP_CLIENT_ID',
    ],
    [
      '  mac_only_encrypted: true\n  encrypted_regex: (a+)+$\n',
      'not evaluated',
    ],
  ])('is refused with the rules %j', (rules, message) => {
    expect(() => patch(`${config('ENC[x]')}${seal(rules)}`)).toThrow(message);
  });

  it.each([
    'encrypted_regex: ^(data|stringData|IDP_CLIENT_SECRET)$',
    'encrypted_suffix: _SECRET',
    'unencrypted_regex: ^(AUTH|IDP_CLIENT_ID|IDP_ISSUER|IDP_GROUPS).*$',
    'encrypted_regex: ".*SECRET.*"',
  ])('may change where %s leaves the values plain', rule => {
    const sealed = seal(`  mac_only_encrypted: true\n  ${rule}\n`);
    expect(patch(`${config('ENC[AES256_GCM,data:x]')}${sealed}`)).toMatchObject(
      {
        text: `${config('ENC[AES256_GCM,data:x]')}${settings('  ')}${sealed}`,
        notes: [],
      },
    );
  });

  it.each(['ENC[AES256_GCM,data:x]', '"ENC[PKCS7,abc]"'])(
    '%s alone counts as set, and seals nothing',
    value => {
      expect(patch(config(value)).text).toBe(
        `${config(value)}${settings('  ')}`,
      );
    },
  );

  it('may be right already', () => {
    const text = `config:\n${settings('  ')}  IDP_CLIENT_SECRET: ENC[x]\n${seal(
      '',
    )}`;
    expect(patch(text)).toMatchObject({ text, changes: [], notes: [] });
  });
});

describe('a values file in which the path leads nowhere', () => {
  it.each([
    [
      'hoop-chart:\n  config:\n    API_URL: https://hoop\n',
      undefined,
      '"hoop-chart.config"',
    ],
    ['hoop-chart:\n  image: x\n', undefined, '"hoop-chart.config"'],
    ['gateway:\n  POSTGRES_DB_URI: x\n', undefined, '"gateway"'],
    ['config:\n  API_URL: x\n', 'confg', '"config"'],
    ['config:\n  API_URL: x\n', 'hoop-chart.config', '"config"'],
    [
      'hoop.dev:\n  config:\n    API_URL: x\n',
      undefined,
      '"hoop\\.dev.config"',
    ],
    [
      'charts:\n- config:\n    API_URL: x\n- config: {POSTGRES_DB_URI: y}\n',
      undefined,
      '"charts[0].config" or "charts[1].config"',
    ],
    ['config: {}\nhoop: {API_URL: x}\n', undefined, '"hoop"'],
    ['config: local\nhoop: {API_URL: x}\n', undefined, '"hoop"'],
  ])('%j at %j is refused, naming the candidates', (text, configPath, name) => {
    expect(() => patch(text, { configPath })).toThrow(name);
  });

  it.each([
    ['image: x\n', undefined, `image: x\nconfig:\n${settings('  ')}`],
    [
      'hoop.dev:\n  config:\n    API_URL: x\n',
      'hoop\\.dev.config',
      `hoop.dev:\n  config:\n    API_URL: x\n${settings('    ')}`,
    ],
    [
      'config:\n  LOG_LEVEL: info\nagent: {API_URL: x}\n',
      undefined,
      `config:\n  LOG_LEVEL: info\n${settings('  ')}agent: {API_URL: x}\n`,
    ],
  ])('%j at %j is edited', (text, configPath, after) => {
    expect(patch(text, { configPath }).text).toBe(after);
  });

  it.each(['', '.', 'a..b', 'a.', '.a', ' .a', 'a[', 'a[x]', 'a[0]b', 'a\\'])(
    'the path %j is refused',
    configPath => {
      expect(() => patch('', { configPath })).toThrow(
        'Expected a path of keys',
      );
    },
  );
});

describe('values in lists and in Kubernetes objects', () => {
  const object = (kind: string, rest: string, name = 'hoop') =>
    `apiVersion: x/v1\nkind: ${kind}\nmetadata:\n  name: ${name}\n${rest}`;

  it.each([
    [
      'helmfile',
      'releases:\n- name: db\n  values: []\n- name: hoop\n  values:\n  - config:\n      API_URL: x\n',
      'releases[name=hoop].values[0].config',
      '      ',
    ],
    [
      'helmfile, by position',
      'releases:\n  - name: hoop\n    values:\n      - config:\n          API_URL: x\n',
      'releases[0].values[0].config',
      '          ',
    ],
    [
      'kustomize',
      'helmCharts:\n- name: hoop-chart\n  valuesInline:\n    config:\n      API_URL: x\n',
      'helmCharts[name=hoop-chart].valuesInline.config',
      '      ',
    ],
    [
      'Argo CD with several sources',
      object(
        'Application',
        'spec:\n  sources:\n  - ref: values\n  - helm:\n      valuesObject:\n        config:\n          API_URL: x\n',
      ),
      'spec.sources[1].helm.valuesObject.config',
      '          ',
    ],
    [
      'Argo CD',
      object(
        'Application',
        'spec:\n  source:\n    helm:\n      valuesObject:\n        config:\n          API_URL: x\n',
      ),
      undefined,
      '          ',
    ],
    [
      'Flux',
      object(
        'HelmRelease',
        'spec:\n  interval: 5m\n  values:\n    config:\n      API_URL: x\n',
      ),
      undefined,
      '      ',
    ],
    [
      'Flux with a wrapper chart',
      object(
        'HelmRelease',
        'spec:\n  values:\n    hoop-chart:\n      config:\n        API_URL: x\n',
      ),
      'spec.values.hoop-chart.config',
      '        ',
    ],
  ])('%s: edited in place', (_, text, configPath, indent) => {
    const after = `${text}${settings(indent)}`;
    expect(patch(text, { configPath }).text).toBe(after);
    expect(patch(after, { configPath }).changes).toEqual([]);
  });

  const several = [
    '# the release\n',
    object('HelmRepository', 'spec: {url: x}\n'),
    '---\n',
    object('HelmRelease', 'spec:\n  values:\n    config:\n      API_URL: x\n'),
    '---\n',
    object('HelmRelease', 'spec:\n  values: {config: {API_URL: y}}\n', 'agent'),
    '...\n',
  ];

  it('one of several objects is chosen by kind and name', () => {
    const text = several.join('');
    const { text: after, existingSecret } = patch(text, {
      document: { kind: 'HelmRelease', name: 'hoop' },
      existingSecret: 'hoop-idp',
    });
    const edited = `${several[3]}${settings(
      '      ',
    )}      IDP_CLIENT_SECRET: ${SECRET_PLACEHOLDER}\n    existingSecret: hoop-idp\n`;
    expect(after).toBe(several.with(3, edited).join(''));
    expect(existingSecret).toBe('hoop-idp');
  });

  it.each([
    [undefined, /3 YAML documents.*HelmRepository\/hoop, HelmRelease\/hoop/],
    [{ kind: 'HelmRelease', name: 'hop' }, /0 objects HelmRelease\/hop/],
    [{ kind: 'Application', name: 'hoop' }, /0 objects Application\/hoop/],
  ])('the choice %j is refused', (document, message) => {
    expect(() => patch(several.join(''), { document })).toThrow(message);
  });

  it('two objects of one name are refused', () => {
    const twice = `${several[3]}---\n${several[3]}`;
    expect(() =>
      patch(twice, { document: { kind: 'HelmRelease', name: 'hoop' } }),
    ).toThrow('2 objects HelmRelease/hoop');
  });

  it.each([
    [
      object(
        'Application',
        'spec:\n  source:\n    helm:\n      values: |\n        config:\n          API_URL: x\n',
      ),
      undefined,
      /move it from values to valuesObject/,
    ],
    [
      object(
        'Application',
        'spec:\n  source:\n    helm:\n      values: |\n        config:\n          API_URL: x\n',
      ),
      'spec.source.helm.values.config',
      /move it from values to valuesObject/,
    ],
    [object('ConfigMap', 'data: {}\n'), undefined, /hoop:manifest:patch/],
    [object('Deployment', 'spec: {}\n'), undefined, /no values file/],
    [
      'releases:\n- name: hoop\n- name: hoop\n',
      'releases[name=hoop].values[0].config',
      /2 entries with name="hoop"/,
    ],
    ['releases: {}\n', 'releases[0].config', /is not a list/],
    ['releases: []\n', 'releases[0].config', /0 entries \[0\]/],
    ['releases: [{}]\n', 'releases[0]', /must end with a key/],
  ])('%j at %j is refused', (text, configPath, message) => {
    expect(() => patch(text, { configPath })).toThrow(message);
  });
});
