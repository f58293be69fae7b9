import { inspect } from 'node:util';
import { reasonOf, sentence, takeApartRemedy, withRemedy } from './errors';

describe('a remedy', () => {
  it('should be cut from the end of the message', () => {
    const error = withRemedy(new Error('It is gone. Look.'), 'Look.');
    expect(takeApartRemedy(error)).toEqual({
      fact: 'It is gone.',
      remedy: 'Look.',
    });
  });

  it('should leave a message that does not end with it', () => {
    const error = withRemedy(new Error('It is gone.'), 'Look.');
    expect(takeApartRemedy(error)).toEqual({
      fact: 'It is gone.',
      remedy: 'Look.',
    });
    expect(takeApartRemedy(new Error('No.'))).toEqual({
      fact: 'No.',
      remedy: undefined,
    });
  });

  it('should not be shown beside the message', () => {
    const error = withRemedy(new Error('It is gone.'), 'Look.');
    expect(JSON.stringify(error)).toBe('{}');
    expect(inspect(error)).not.toContain('Look.');
  });
});

describe('sentence', () => {
  it.each([
    [new Error('may not'), 'may not'],
    [new Error('It may not.'), 'It may not'],
    ['no error at all.', 'no error at all'],
    [undefined, 'undefined'],
  ])(
    'should render %s as "%s", with or without its full stop',
    (said, reason) => {
      expect(reasonOf(said)).toBe(reason);
      expect(sentence(said)).toBe(`${reason}.`);
    },
  );
});
