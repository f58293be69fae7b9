import { SecretValue } from './SecretValue';
import { describeInput, describeValue, logLine, oneLine } from './texts';

describe('oneLine', () => {
  it('should forge no log line and control no terminal', () => {
    expect(
      oneLine(
        'denied\r\n2026-01-01 info: all is well\u2028\u001b[2J\u0007\u001b[31mred\u001b[0m\n',
      ),
    ).toBe('denied 2026-01-01 info: all is well red');
  });

  it('should let no text reverse its order or hide in itself', () => {
    expect(oneLine('user \u202egnp.exe\u2066 se\u200bcret\ufeff')).toBe(
      'user gnp.exe secret',
    );
  });
});

describe('logLine', () => {
  it('should be one line of limited length', () => {
    expect(logLine('name "a\nerror: forged"\u001b[2J')).toBe(
      'name "a error: forged"',
    );
    expect(logLine('x'.repeat(1024 * 1024))).toHaveLength(4 * 1024 + 2);
  });
});

describe('describeInput', () => {
  it('should quote no flood and forge no log line', () => {
    expect(describeInput('../x')).toBe('"../x"');
    expect(describeInput('a\nb\u202e')).toBe('"a\\nb\\u202e"');
    expect(describeInput('x'.repeat(1024 * 1024))).toBe(
      'a text of 1048576 characters',
    );
  });
});

describe('describeValue', () => {
  it.each([
    [undefined, '(unset)'],
    [null, '(unset)'],
    ['', '(unset)'],
    ['text', '"text"'],
    ['a\n"b"\u001b[2J', '"a\\n\\"b\\"\\u001b[2J"'],
    [false, 'false'],
    [0, '0'],
    [[], '[]'],
    [['a', 1, undefined], '["a", 1, (unset)]'],
    [{ a: 1 }, '{"a":1}'],
    [new SecretValue('hidden'), '"<secret>"'],
  ])('should show %j as %s', (value, shown) => {
    expect(describeValue(value)).toBe(shown);
  });
});
