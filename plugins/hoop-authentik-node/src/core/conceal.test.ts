import { conceal, spellingsOf } from './conceal';

const SECRET = 'abcdefgh"ijklmnop/qrstuvwx&yz';

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

describe('conceal', () => {
  it.each([
    ['in full', `Not ${SECRET}!`, 'Not <x>!'],
    ['in JSON', JSON.stringify({ a: SECRET }), '{"a":"<x>"}'],
    ['in a URL', `?a=${encodeURIComponent(SECRET)}&b`, '?a=<x>&b'],
    ['its beginning', `Not ${SECRET.slice(0, 20)}…`, 'Not <x>…'],
    ['its end', `…${SECRET.slice(-17)}.`, '…<x>.'],
    [
      'its middle, twice',
      `${SECRET.slice(3, 22)} ${SECRET.slice(5, 25)}`,
      '<x> <x>',
    ],
  ])('should remove a secret %s', (_, text, wanted) => {
    expect(conceal(text, ['other-secret', SECRET], '<x>')).toBe(wanted);
  });

  it.each([0, 1, 2, 3])(
    'should remove a secret from base64 behind %d characters',
    length => {
      const text = `Basic ${base64(`${'u'.repeat(length)}${SECRET}`)}`;
      const concealed = conceal(text, [SECRET], '<x>');
      expect(concealed).toMatch(/^Basic .{0,4}<x>.{0,4}$/);
    },
  );

  it('should keep what is there by chance, short words, and pieces of whole values', () => {
    const text = 'abcdefgh and local at db.company.example:5432';
    expect(
      conceal(text, [SECRET, 'local', ''], '<x>', [
        'postgres://db.company.example:5432/hoop',
      ]),
    ).toBe(text);
  });

  it('should handle a secret of a megabyte, and one with half a character', () => {
    const long = Array.from({ length: 250_000 }, (_, n) => `${n % 9973} `).join(
      '',
    );
    expect(conceal('a word '.repeat(5_000), [long], '<x>')).toContain('a word');
    expect(spellingsOf('half \ud800')).toContain('half \ud800');
  });
});
