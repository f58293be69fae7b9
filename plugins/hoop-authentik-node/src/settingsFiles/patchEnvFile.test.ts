import { SecretValue } from '../core';
import { patchEnvFile, type EnvFileOptions } from './patchEnvFile';

const ISSUER = 'https://authentik.company/application/o/hoop/';

const OPTIONS: EnvFileOptions = {
  file: '.env',
  settings: {
    AUTH_METHOD: 'oidc',
    IDP_CLIENT_ID: 'client-1',
    IDP_GROUPS_CLAIM: 'groups',
    IDP_ISSUER: ISSUER,
  },
};

function patch(text: string, options: Partial<EnvFileOptions> = {}) {
  return patchEnvFile(text, { ...OPTIONS, ...options });
}

const RIGHT = `AUTH_METHOD=oidc
IDP_CLIENT_ID=client-1
IDP_GROUPS_CLAIM=groups
IDP_ISSUER=${ISSUER}
`;

describe('patchEnvFile', () => {
  it.each([
    ['an empty file', '', RIGHT],
    ['comments alone', '# IDP_ISSUER=x\n\n', `# IDP_ISSUER=x\n\n${RIGHT}`],
    ['no line break at the end', 'A=1', `A=1\n${RIGHT.trimEnd()}`],
    ['CRLF', 'A=1\r\n', `A=1\r\n${RIGHT.replaceAll('\n', '\r\n')}`],
    [
      'export on every line',
      'export A=1\n',
      `export A=1\n${RIGHT.replaceAll(/^(?=.)/gm, 'export ')}`,
    ],
    ['export on some lines', 'export A=1\nB=2\n', `export A=1\nB=2\n${RIGHT}`],
    ['a byte order mark', '\uFEFF', `\uFEFF${RIGHT}`],
  ])('should add the settings to %s', (_, before, after) => {
    expect(patch(before).text).toBe(after);
    expect(patch(after)).toMatchObject({ text: after, changes: [] });
  });

  it('should stay fast for a line of many blanks', () => {
    const start = Date.now();
    const text = `A=a${' '.repeat(1e5)}b\n`;
    expect(patch(text).text).toBe(`${text}${RIGHT}`);
    expect(Date.now() - start).toBeLessThan(2_000);
  });

  it.each([
    ['bare', 'IDP_ISSUER=old', `IDP_ISSUER=${ISSUER}`],
    ['with a comment', 'IDP_ISSUER=a#b # why', `IDP_ISSUER=${ISSUER} # why`],
    ['empty', 'IDP_ISSUER=', `IDP_ISSUER=${ISSUER}`],
    ['meant as a comment', 'IDP_ISSUER= # why', `IDP_ISSUER= ${ISSUER} # why`],
    [
      'with what is meant as a comment',
      'IDP_ISSUER=old\t# why',
      `IDP_ISSUER=${ISSUER} # why`,
    ],
    ['a bare name', 'IDP_ISSUER', `IDP_ISSUER=${ISSUER}`],
    [
      'in single quotes',
      "IDP_ISSUER='a\\'b' # x",
      `IDP_ISSUER='${ISSUER}' # x`,
    ],
    ['in double quotes', 'IDP_ISSUER = "a\\"b"', `IDP_ISSUER = "${ISSUER}"`],
    [
      'over two lines',
      'IDP_ISSUER="a\nIDP_ISSUER=b"',
      `IDP_ISSUER="${ISSUER}"`,
    ],
    [
      'behind export',
      '  export IDP_ISSUER=old  ',
      `  export IDP_ISSUER=${ISSUER}  `,
    ],
    ['behind a colon', 'IDP_ISSUER: old', `IDP_ISSUER: ${ISSUER}`],
    ['a reference', 'IDP_ISSUER=${BASE}/x', `IDP_ISSUER=${ISSUER}`],
    [
      'right but for an expansion',
      `IDP_ISSUER="$A${ISSUER}"`,
      `IDP_ISSUER="${ISSUER}"`,
    ],
  ])('should replace a value that is %s', (_, before, after) => {
    const file = (line: string) =>
      `# first\nAPI_URL=https://hoop\n${line}\r\n\nTLS_CERT="-----\nIDP_ISSUER=not this\n-----" # x\n${RIGHT.replace(
        /IDP_ISSUER.*\n/,
        '',
      )}Z='last'`;

    expect(patch(file(before)).text).toBe(file(after));
    expect(patch(file(before)).changes).toEqual([
      expect.objectContaining({ object: '.env', field: 'IDP_ISSUER' }),
    ]);
  });

  it.each([
    ['IDP_CLIENT_ID=client-1', 'IDP_CLIENT_ID=client-1'],
    ["IDP_CLIENT_ID='client-1'", "IDP_CLIENT_ID='client-1'"],
    ['IDP_CLIENT_ID="client-1" # x', 'IDP_CLIENT_ID="client-1" # x'],
  ])('should leave a correct value as it is written: %s', (before, after) => {
    expect(patch(`${before}\n`).text).toContain(`${after}\n`);
    expect(patch(before).changes).toHaveLength(3);
  });

  it('should edit the last of several values and note that', () => {
    const { text, notes } = patch(
      `API_URL=x\nIDP_CLIENT_SECRET=x\nIDP_ISSUER=a\n${RIGHT}IDP_ISSUER=b\n`,
    );

    expect(text).toBe(
      `API_URL=x\nIDP_CLIENT_SECRET=x\nIDP_ISSUER=a\n${RIGHT}IDP_ISSUER=${ISSUER}\n`,
    );
    expect(notes).toEqual([
      expect.stringContaining('IDP_ISSUER more than once'),
    ]);
  });

  it.each([
    ['a b', "'a b'"],
    ['a$b', "'a$b'"],
    ['a #b', "'a #b'"],
    ["it's", `"it's"`],
    ['say "x"', `'say "x"'`],
    ['ü', "'ü'"],
    ['', "''"],
  ])('should quote %j', (value, written) => {
    expect(
      patch('', {
        clientSecret: new SecretValue(value),
        writeClientSecret: true,
      }).text,
    ).toContain(`IDP_CLIENT_SECRET=${written}\n`);
  });

  it.each(['a\\b', `$'`, 'a\nb'])('should refuse the value %j', value => {
    expect(() =>
      patch('', {
        clientSecret: new SecretValue(value),
        writeClientSecret: true,
      }),
    ).toThrow(/The value for IDP_CLIENT_SECRET contains/);
  });

  it.each([
    ['IDP_URI=$FORMER\n', /IDP_URI is set/],
    ['IDP_URI\n', /IDP_URI is set/],
    ['A=1\nB="x\n', /line 2: a quote/],
    ['A=1\n=x\n', /line 2: expected NAME=value/],
    ['A=1\nA B\n', /line 2: expected "="/],
  ])('should refuse the file %j', (text, message) => {
    expect(() => patch(text)).toThrow(message);
  });

  it('should accept an empty IDP_URI', () => {
    expect(patch('IDP_URI=\n').changes).toHaveLength(4);
  });

  describe('the client secret', () => {
    const secret = 'a-client-secret';
    const clientSecret = new SecretValue(secret);

    it('should stay unless writeClientSecret is set', () => {
      const { text, notes } = patch('IDP_CLIENT_SECRET=mine # x\nAPI_URL=x\n', {
        clientSecret,
      });

      expect(text).toBe(`IDP_CLIENT_SECRET=mine # x\nAPI_URL=x\n${RIGHT}`);
      expect(notes).toEqual([
        expect.stringContaining('is not the client secret of the application'),
      ]);
    });

    it('should be requested in a note where it is missing, like API_URL', () => {
      const gateway = {
        adminGroup: 'admin',
        redirectUri: 'https://hoop/api/callback',
      };
      expect(patch('', { gateway }).notes).toEqual([
        expect.stringContaining('IDP_CLIENT_SECRET'),
        expect.stringContaining('API_URL'),
      ]);
    });

    it('should be written on request and never shown', () => {
      const before = `IDP_CLIENT_SECRET=old-client-secret\nIDP_CLIENT_ID=${secret}\n`;

      const { text, changes, notes } = patch(before, {
        clientSecret,
        writeClientSecret: true,
      });

      expect(text).toContain(`IDP_CLIENT_SECRET=${secret}\n`);
      expect(changes).toContainEqual({
        object: '.env',
        field: 'IDP_CLIENT_SECRET',
        from: '<secret>',
        to: '<changed>',
      });
      expect(JSON.stringify([changes, notes])).not.toContain('client-secret');
    });

    it('should appear in no error', () => {
      for (const text of [`B="${secret}`, `${secret} x`, `%${secret}`]) {
        expect(() => patch(text, { clientSecret })).toThrow(
          expect.objectContaining({
            message: expect.not.stringContaining(secret),
          }),
        );
      }
    });
  });
});
