import { readOptions, USAGE, UsageError } from './options';

describe('readOptions', () => {
  it('should check every gateway of the usual configuration by default', () => {
    expect(readOptions([])).toEqual({
      gateways: [],
      config: [],
      json: false,
      signIn: false,
      help: false,
    });
  });

  it('should take everything in any order, each gateway once', () => {
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

  it('should be told in a text that fits a terminal', () => {
    expect(USAGE.split('\n').filter(line => line.length > 80)).toEqual([]);
  });
});
