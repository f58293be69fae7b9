import { reasonOf, sentence } from './sentence';

describe('sentence', () => {
  it.each([
    [new Error('may not'), 'may not'],
    [new Error('It may not.'), 'It may not'],
    ['no error at all.', 'no error at all'],
    [undefined, 'undefined'],
  ])('should say of %s "%s", with or without its full stop', (said, reason) => {
    expect(reasonOf(said)).toBe(reason);
    expect(sentence(said)).toBe(`${reason}.`);
  });
});
