import { describeValue } from './describeValue';
import { SecretValue } from './SecretValue';

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
