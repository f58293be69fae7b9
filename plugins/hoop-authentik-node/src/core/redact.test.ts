import { SecretValue } from '.';
import { redact } from './redact';

const WITHHELD = '(message withheld: it quotes a secret)';
const secret = new SecretValue('abcdefgh"ijklmnop/qrstuvwx');

describe('redact', () => {
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
    ['a secret that authentik made', `${'0aZ'.repeat(16)}`],
  ])('should withhold a text that quotes %s', (_, text) => {
    expect(redact(text, [new SecretValue('other'), secret])).toBe(WITHHELD);
  });

  it.each([
    'This field may not be blank.',
    'Invalid pk "00000000-0000-0000-0000-000000000000" - object does not exist.',
    'OAuth2/OpenID Provider with this Client ID already exists.',
    'abcdefgh and ijklmnop',
    `${'x'.repeat(40)} is taken`,
  ])('should leave %j as it is', text => {
    expect(redact(text, [secret, new SecretValue('')])).toBe(text);
  });

  it('should withhold a text that quotes a short secret', () => {
    expect(redact('Not pw1!', [new SecretValue('pw1')])).toBe(WITHHELD);
  });
});
