import { SECRET_PLACEHOLDER } from './helmClientSecret';
import { BLOCK, ISSUER, OPTIONS, patch } from './__testUtils__/helmSettings';

const FLOW = `AUTH_METHOD: "oidc", IDP_CLIENT_ID: "client-1", IDP_GROUPS_CLAIM: "groups", IDP_ISSUER: "${ISSUER}"`;

describe('patchHelmValues', () => {
  describe('where there are no settings yet', () => {
    it.each([
      ['an empty file', '', `config:\n${BLOCK}`],
      ['comments alone', '# values\n', `# values\nconfig:\n${BLOCK}`],
      [
        'a file without config',
        'image: hoop\n',
        `image: hoop\nconfig:\n${BLOCK}`,
      ],
      [
        'no line break at the end',
        'image: hoop',
        `image: hoop\nconfig:\n${BLOCK.trimEnd()}`,
      ],
      [
        'an empty config with a comment',
        'config: # main\n  # API_URL: x\nimage: hoop\n',
        `config: # main\n${BLOCK}  # API_URL: x\nimage: hoop\n`,
      ],
      ['config: null', 'config: null # none\n', `config: # none\n${BLOCK}`],
      [
        'config: ~ at the end',
        'a: 1\nconfig: ~',
        `a: 1\nconfig:\n${BLOCK.trimEnd()}`,
      ],
      ['config: {}', 'config: {} # x\nb: 1\n', `config: # x\n${BLOCK}b: 1\n`],
      [
        'an anchor that nothing refers to',
        'config: &main {}\n',
        `config: &main\n${BLOCK}`,
      ],
      [
        'a block map',
        'config:\n  API_URL: https://hoop\n\n# next\nimage: hoop\n',
        `config:\n  API_URL: https://hoop\n${BLOCK}\n# next\nimage: hoop\n`,
      ],
      [
        'a flow map',
        "config: { API_KEY: a , B: 'b' }\n",
        `config: { API_KEY: a , B: 'b', ${FLOW.replaceAll('"', "'")} }\n`,
      ],
      [
        'a flow map at the top',
        '{image: hoop}',
        `{image: hoop, config: {${FLOW}}}`,
      ],
      [
        'an empty flow map within another',
        '{config: {}}',
        `{config: {${FLOW}}}`,
      ],
      ['a key alone in a flow map', '{config}', `{config: {${FLOW}}}`],
      [
        'an empty flow map over several lines',
        'config: { # later\n}\n',
        `config: {${FLOW} # later\n}\n`,
      ],
      [
        'JSON',
        '{\n  "config": {\n    "API_URL": "https://hoop"\n  }\n}\n',
        `{\n  "config": {\n    "API_URL": "https://hoop",\n    ${[
          '"AUTH_METHOD": "oidc"',
          '"IDP_CLIENT_ID": "client-1"',
          '"IDP_GROUPS_CLAIM": "groups"',
          `"IDP_ISSUER": "${ISSUER}"`,
        ].join(',\n    ')}\n  }\n}\n`,
      ],
      [
        'CRLF and a byte order mark',
        '\uFEFFconfig:\r\n  A: 1\r\nb: 2\r\n',
        `\uFEFFconfig:\r\n  A: 1\r\n${BLOCK.replaceAll('\n', '\r\n')}b: 2\r\n`,
      ],
      [
        'four spaces, and quotes as the entry before',
        'a:\n    b: 1\nconfig:\n    A: "x"\n',
        `a:\n    b: 1\nconfig:\n    A: "x"\n${BLOCK.replaceAll(
          /^ {2}(\w+): (.*)$/gm,
          '    $1: "$2"',
        )}`,
      ],
      [
        'a block scalar that keeps its last line breaks',
        'config:\n  A: |+\n    x\n\nb: 1\n',
        `config:\n  A: |+\n    x\n\n${BLOCK}b: 1\n`,
      ],
      [
        'a block scalar at the very end',
        'config:\n  # first\n  A: |\n    x',
        `config:\n  # first\n${[...BLOCK.trimEnd().split('\n')]
          .reverse()
          .join('\n')}\n  A: |\n    x`,
      ],
      [
        'a document marker',
        '---\na: 1\n...\n',
        `---\na: 1\nconfig:\n${BLOCK}...\n`,
      ],
      ['an explicit key', '? config\n: A: 1\n', `? config\n: A: 1\n${BLOCK}`],
      [
        'a map that ends with comments',
        'config:\n  A:\n  # B: 1\n\n# next\nb: 2\n',
        `config:\n  A:\n${BLOCK}  # B: 1\n\n# next\nb: 2\n`,
      ],
      [
        'an empty config with a comment above its value',
        'config: # main\n  {}\n',
        `config: # main\n${BLOCK}`,
      ],
    ])('should add them to %s', (_, before, after) => {
      expect(patch(before).text).toBe(after);
      expect(patch(after)).toMatchObject({ text: after, changes: [] });
    });

    it('should find the config of a wrapper chart', () => {
      expect(
        patch('hoop-chart:\n    replicas: 1\n', {
          configPath: 'hoop-chart.config',
          existingSecret: 'hoop-idp',
        }).text,
      ).toBe(
        `hoop-chart:\n    replicas: 1\n    config:\n${BLOCK.replaceAll(
          '  ',
          '        ',
        )}        IDP_CLIENT_SECRET: ${SECRET_PLACEHOLDER}\n    existingSecret: hoop-idp\n`,
      );
      expect(
        patch('hoop-chart:\n  config:\n    A: 1\n    # B: 1\n', {
          configPath: 'hoop-chart.config',
          existingSecret: 'hoop-idp',
        }).text,
      ).toBe(
        `hoop-chart:\n  config:\n    A: 1\n${BLOCK.replaceAll(
          '  ',
          '    ',
        )}    IDP_CLIENT_SECRET: ${SECRET_PLACEHOLDER}\n    # B: 1\n  existingSecret: hoop-idp\n`,
      );
      expect(patch('', { configPath: 'hoop-chart.config' }).text).toBe(
        `hoop-chart:\n  config:\n${BLOCK.replaceAll('  ', '    ')}`,
      );
    });
  });

  describe('where a setting has another value', () => {
    it.each([
      ['plain', 'old # why', `${ISSUER} # why`],
      ['empty', '# why', `${ISSUER} # why`],
      ['null', '~', ISSUER],
      ['in single quotes', "'o''ld'  # why", `'${ISSUER}'  # why`],
      ['in double quotes', '"o\\tld"', `"${ISSUER}"`],
      ['over two lines', 'https://a\n    b # c', `${ISSUER} # c`],
      ['a number', '12', ISSUER],
      ['a block scalar', '|- # why\n    old\n\n', `${ISSUER} # why\n\n`],
      ['a folded one', '>\n    old\n    older', ISSUER],
      ['with an extra line break', `|\n    ${ISSUER}`, ISSUER],
      ['an alias', '*other # why', `${ISSUER} # why`],
      ['with an anchor nothing refers to', '&mine old', `&mine ${ISSUER}`],
      ['an anchor alone', '&mine', `&mine ${ISSUER}`],
      ['with a tag', '!!str old', `!!str ${ISSUER}`],
    ])('should replace it: %s', (_, before, after) => {
      const file = (value: string) =>
        `base: &other x\nconfig:\n  IDP_ISSUER: ${value}\n  # last\n  AUTH_METHOD: oidc\n  IDP_CLIENT_ID: client-1\n  IDP_GROUPS_CLAIM: groups\nz: [1,2]\n`;
      expect(patch(file(before)).text).toBe(file(after));
      expect(patch(file(before)).changes).toHaveLength(1);
    });

    it('should quote what would be read as something else', () => {
      const settings = {
        AUTH_METHOD: 'on',
        IDP_CLIENT_ID: '12e3',
        IDP_GROUPS_CLAIM: 'a: #b',
        IDP_ISSUER: 'say "x" \\ {y}',
      };

      expect(patch('', { settings }).text).toBe(
        'config:\n  AUTH_METHOD: "on"\n  IDP_CLIENT_ID: "12e3"\n  IDP_GROUPS_CLAIM: "a: #b"\n  IDP_ISSUER: "say \\"x\\" \\\\ {y}"\n',
      );
    });

    it('should plan each change', () => {
      expect(patch('config: {AUTH_METHOD: local}\n').changes).toEqual([
        {
          object: 'values.yaml',
          field: 'config.AUTH_METHOD',
          from: '"local"',
          to: '"oidc"',
        },
        expect.objectContaining({ field: 'config.IDP_CLIENT_ID' }),
        expect.objectContaining({ field: 'config.IDP_GROUPS_CLAIM' }),
        {
          object: 'values.yaml',
          field: 'config.IDP_ISSUER',
          from: '(unset)',
          to: `"${ISSUER}"`,
        },
      ]);
    });
  });

  describe('anchors, aliases and merge keys', () => {
    it('should keep what a merge key already sets, and add what it does not', () => {
      const text = `x: &base {AUTH_METHOD: oidc, IDP_CLIENT_ID: old}\nconfig:\n  <<: *base\n`;

      expect(patch(text).text).toBe(
        `${text}${BLOCK.replace('  AUTH_METHOD: oidc\n', '')}`,
      );
    });

    it.each([
      [
        'the map is an alias',
        'x: &c {A: 1}\nconfig: *c\n',
        /"config" is an alias \(\*c\)/,
      ],
      [
        'the map is referred to',
        'config: &c {A: 1}\nx: *c\n',
        /"config" carries the anchor &c/,
      ],
      [
        'the empty map is referred to',
        'config: &c {}\nx: *c\n',
        /"config" carries the anchor &c/,
      ],
      [
        'the value is referred to',
        'config:\n  IDP_ISSUER: &i old\nx: *i\n',
        /"config.IDP_ISSUER" carries the anchor &i/,
      ],
      [
        'the map comes through a merge key',
        'x: &c {config: {A: 1}}\n<<: *c\n',
        /"config" comes through a merge key/,
      ],
      ['the map is a list', 'config: [a]\n', /"config" is not a map/],
      [
        'the value is a list',
        'config:\n  IDP_ISSUER: [a]\n',
        /"config.IDP_ISSUER" is a collection/,
      ],
      ['an explicit key has no colon', '? config\n', /has no ":"/],
      [
        'the value has a tag that changes it',
        'config:\n  AUTH_METHOD: !!binary eA==\n',
        /by hand/,
      ],
    ])('should refuse where %s', (_, text, message) => {
      expect(() => patch(text)).toThrow(message);
    });

    it('should accept a map that is referred to where nothing has to change', () => {
      const text = `config: &c\n${BLOCK}x: *c\n`;

      expect(patch(text).text).toBe(text);
    });
  });

  it.each([
    [
      'many keys',
      `a:\n${Array.from({ length: 20_000 }, (_, n) => `  k${n}: v\n`).join(
        '',
      )}`,
    ],
    ['many blanks', `config:\n  IDP_ISSUER: |\n    a${' '.repeat(2e5)}b\n`],
  ])(
    'should stay fast for a file with %s',
    (_, text) => {
      const start = Date.now();
      patch(text);
      expect(Date.now() - start).toBeLessThan(20_000);
    },
    120_000,
  );

  it.each([
    ['a tab', 'config:\n\tA: 1\n', /line 2: this is not valid YAML: a tab/],
    ['a key that occurs twice', 'a: 1\na: 2\n', /line 2: .*a key occurs twice/],
    [
      'a key that occurs twice below',
      'a:\n  b: 1\n  c: 1\n  "b": 2\n',
      /line 4: .*a key occurs twice/,
    ],
    ['an open quote', 'a: 1\nb: "x\n', /valid YAML/],
    ['an unknown alias', 'a: *b\n', /cannot be resolved/],
    ['another mistake', 'a: b: c\n', /line 1: this is not valid YAML/],
    ['two documents', 'a: 1\n---\nb: 1\n', /2 YAML documents/],
    ['a list', '- a\n', /contains no map/],
    [
      'a merge of something else',
      'a: &x 1\nconfig:\n  <<: *x\n',
      /cannot be resolved/,
    ],
    ['a seal of SOPS', 'a: 1\nsops:\n  mac: ENC[x]\n', /sealed by SOPS/],
    [
      'a reference as IDP_URI',
      'config: {IDP_URI: vault:kv/data/hoop#IDP_URI}\n',
      /IDP_URI is set/,
    ],
  ])('should refuse a file with %s', (_, text, message) => {
    expect(() => patch(text)).toThrow(message);
  });

  it('should accept an empty IDP_URI', () => {
    expect(patch("config:\n  IDP_URI: ''\n").changes).toHaveLength(4);
  });

  it.each([
    [
      { settings: { ...OPTIONS.settings, IDP_CLIENT_ID: "o'x" } },
      /single quote/,
    ],
    [
      { settings: { ...OPTIONS.settings, IDP_CLIENT_ID: 'a\nb' } },
      /control character/,
    ],
    [{ existingSecret: 'Not_A_Name' }, /name of a Kubernetes Secret/],
    [{ configPath: 'a..b' }, /joined by dots/],
  ])('should refuse the input %j', (options, message) => {
    expect(() => patch('', options)).toThrow(message);
  });
});
