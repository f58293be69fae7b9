import { fit, painter, plain, wrap } from './text';

describe('painter', () => {
  it('should style where colour is wanted, and nothing but text', () => {
    expect(painter(true)('red', 'no')).toBe('\u001b[31mno\u001b[39m');
    expect(painter(true)('red', '')).toBe('');
    expect(painter(false)('red', 'no')).toBe('no');
  });
});

describe('plain', () => {
  it('should keep what others say from steering the terminal', () => {
    expect(plain('a\u001b[2Jb\r\nc\u2028\u009bd\t ')).toBe('a [2Jb c d');
  });
});

describe('wrap', () => {
  it('should break between words', () => {
    expect(wrap('one two three', 7)).toEqual(['one two', 'three']);
  });

  it('should keep a long word whole', () => {
    expect(wrap('see https://auth.company/x now', 8)).toEqual([
      'see',
      'https://auth.company/x',
      'now',
    ]);
  });
});

describe('fit', () => {
  it.each([
    ['short', 5, 'short'],
    ['too long', 4, 'too…'],
  ])('should make "%s" fit %d', (text, width, wanted) => {
    expect(fit(text, width)).toBe(wanted);
  });
});
