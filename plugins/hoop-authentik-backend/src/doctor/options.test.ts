import { readOptions, USAGE, UsageError } from './options';

describe('readOptions', () => {
  it('should check every gateway in the default configuration', () => {
    expect(readOptions([])).toEqual({
      gateways: [],
      config: [],
      json: false,
      signIn: false,
      help: false,
    });
  });

  it('should accept options in any order and each gateway once', () => {
    expect(
      readOptions([
        'b',
        '--config',
        'one.yaml',
        '--json',
        'a',
        '--config=two.yaml',
        '--sign-in',
        'b',
        '-h',
      ]),
    ).toEqual({
      gateways: ['b', 'a'],
      config: ['one.yaml', 'two.yaml'],
      json: true,
      signIn: true,
      help: true,
    });
  });

  it.each([[['--jsn']], [['--config']], [['--json=yes']]])(
    'should refuse %j',
    args => {
      expect(() => readOptions(args)).toThrow(UsageError);
    },
  );

  it('should fit its usage into a terminal', () => {
    expect(USAGE.split('\n').filter(line => line.length > 80)).toEqual([]);
  });
});
