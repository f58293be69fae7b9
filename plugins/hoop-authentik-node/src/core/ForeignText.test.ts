import { inspect } from 'node:util';
import { performance } from 'node:perf_hooks';
import { ForeignText } from './ForeignText';
import { ForeignTextFormatter } from './ForeignTextFormatter';
import { SecretValue } from './SecretValue';

const WITHHELD = '(message withheld: it quotes a secret)';
const secret = new SecretValue('abcdefgh"ijklmnop/qrstuvwx');

const quoted = (
  text: string,
  hidden?: ConstructorParameters<typeof ForeignTextFormatter>[0],
) => new ForeignTextFormatter(hidden).quote(new ForeignText(text));

describe('ForeignText', () => {
  it('should not be printable by accident', () => {
    const text = new ForeignText('from outside');
    const printed = [
      `${text}`,
      `${JSON.stringify({ text })}`,
      inspect(text, { showHidden: true, depth: 9 }),
      Object.entries(text).join(),
    ].join();
    expect(printed).not.toContain('outside');
    expect(text.read()).toBe('from outside');
    expect(text).toHaveLength(12);
  });
});

describe('ForeignTextFormatter', () => {
  it('should quote a text on one line that it cannot leave', () => {
    expect(
      quoted('denied”\n2026-01-01 info: “all” is well\u202e\u001b[2J'),
    ).toBe('“denied" 2026-01-01 info: "all" is well”');
    expect(quoted(' \n')).toBe('');
  });

  it('should withhold a long text unread', () => {
    expect(quoted('x'.repeat(4_097))).toBe(
      '(message of 4097 characters withheld)',
    );
    expect(quoted('a '.repeat(2_048))).toHaveLength(4_097);
  });

  it('should cut after redacting', () => {
    const formatter = new ForeignTextFormatter({
      values: ['value-of-the-setting'],
    });
    const text = new ForeignText('not value-of-the-setting please');
    expect(formatter.quote(text, 8)).toBe('“not <val…”');
  });

  it.each([
    ['the secret', 'Not abcdefgh"ijklmnop/qrstuvwx!'],
    ['the secret in JSON', '{"x":"abcdefgh\\"ijklmnop/qrstuvwx"}'],
    ['the secret in a URL', '?x=abcdefgh%22ijklmnop%2Fqrstuvwx'],
    ['the secret in base64', 'YWJjZGVmZ2giaWprbG1ub3AvcXJzdHV2d3g='],
    [
      'the secret in Basic authentication',
      Buffer.from('id:abcdefgh"ijklmnop/qrstuvwx').toString('base64'),
    ],
    ['the beginning of the secret', 'abcdefgh"ijklmno…'],
    ['the end of the secret', '…ijklmnop/qrstuvwx'],
    [
      'the secret with invisible parts',
      'abcdefgh"ij\u200bklmnop\u202e/qrstuvwx',
    ],
    ['the secret with colours', 'abcdefgh"ij\u001b[1mklmnop/qrstuvwx'],
    ['a secret that authentik generated', `${'0aZ'.repeat(16)}`],
  ])('should withhold a text that quotes %s', (_, text) => {
    const secrets = [new SecretValue('other'), secret];
    expect(quoted(text, { secrets })).toBe(WITHHELD);
  });

  it.each([
    'This field may not be blank.',
    'Invalid pk "00000000-0000-0000-0000-000000000000" - object does not exist.',
    'OAuth2/OpenID Provider with this Client ID already exists.',
    'abcdefgh and ijklmnop',
    `${'x'.repeat(40)} is taken`,
    `cannot pull hoop@sha256:${'0a'.repeat(32)}`,
  ])('should keep %j unchanged', text => {
    const secrets = [secret, new SecretValue('')];
    expect(quoted(text, { secrets })).toBe(`“${text}”`);
  });

  it('should withhold a text that quotes a short secret', () => {
    const secrets = [new SecretValue('pw1')];
    expect(quoted('Not pw1!', { secrets })).toBe(WITHHELD);
  });

  it('should recognise a secret of several lines', () => {
    const values = ['first line of it\nsecond line'];
    expect(quoted(`no ${values[0]} here`, { values })).toBe(
      '“no <value> here”',
    );
  });

  it('should be fast for texts and secrets of any size', () => {
    const values = ['value '.repeat(1_000), 'b'.repeat(6_000)];
    const secrets = [new SecretValue('s3cr3t '.repeat(9))];
    const time = (text: string) => {
      const begun = performance.now();
      quoted(text, { secrets, values });
      return performance.now() - begun;
    };
    time('warm up');
    expect(time('x'.repeat(4 * 1024 * 1024))).toBeLessThan(5);
    expect(time('lorem ipsum '.repeat(340))).toBeLessThan(100);
    expect(time('value '.repeat(680))).toBeLessThan(100);
  });
});
