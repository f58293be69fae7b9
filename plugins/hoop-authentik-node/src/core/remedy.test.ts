import { inspect } from 'node:util';
import { takeApartRemedy, withRemedy } from './remedy';

describe('a remedy', () => {
  it('should be taken from the end of the message', () => {
    const error = withRemedy(new Error('It is gone. Look.'), 'Look.');
    expect(takeApartRemedy(error)).toEqual({
      fact: 'It is gone.',
      remedy: 'Look.',
    });
  });

  it('should leave a message alone that does not end with it', () => {
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

  it('should not show beside the message', () => {
    const error = withRemedy(new Error('It is gone.'), 'Look.');
    expect(JSON.stringify(error)).toBe('{}');
    expect(inspect(error)).not.toContain('Look.');
  });
});
