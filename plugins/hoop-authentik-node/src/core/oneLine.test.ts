import { oneLine, withoutColours } from './oneLine';

describe('oneLine', () => {
  it('should let nobody begin a line or steer a terminal', () => {
    expect(
      oneLine(
        'denied\r\n2026-01-01 info: all is well\u2028\u001b[2J\u0007\u001b[31mred\u001b[0m\n',
      ),
    ).toBe('denied 2026-01-01 info: all is well red');
  });

  it('should leave line breaks where only colours are unwanted', () => {
    expect(withoutColours('\u001b[1;31mFATAL\u001b[0m a\nb')).toBe(
      'FATAL a\nb',
    );
  });
});
