import { suggestionFor } from './suggestion';

describe('suggestionFor', () => {
  it.each([
    ['mian', 'main'],
    ['MAIN', 'main'],
    ['stagin', 'staging'],
    ['prod-eu2', 'prod-eu1'],
    ['nowhere', undefined],
    ['x', undefined],
    ['', undefined],
  ])('should take %s for %s', (name, expected) => {
    expect(suggestionFor(name, ['main', 'staging', 'prod-eu1'])).toBe(expected);
  });
});
