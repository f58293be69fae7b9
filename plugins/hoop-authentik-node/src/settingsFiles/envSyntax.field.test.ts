import { parseEnvFile } from './envSyntax';

/** Stands for a value that depends on other variables. */
const OPEN = Symbol('depends on other variables');

function read(text: string): Record<string, unknown> {
  return Object.fromEntries(
    parseEnvFile('.env', text).map(({ key, assigned, value }) => [
      key,
      assigned ? value ?? OPEN : undefined,
    ]),
  );
}

/** The variables, or why the text is refused. */
function outcomeOf(text: string): Record<string, unknown> | string {
  try {
    return read(text);
  } catch (error) {
    return String(error);
  }
}

type Line = [text: string, expected: Record<string, unknown> | string];

/** Each as docker compose reads it. */
const KINDS: Record<string, Line[]> = {
  'an env file: comments behind unquoted values': [
    ['AUTH_METHOD=oidc # sign-in', { AUTH_METHOD: 'oidc' }],
    ['AUTH_METHOD=oidc\t# sign-in', { AUTH_METHOD: 'oidc\t# sign-in' }],
    ['AUTH_METHOD=oidc \t# sign-in', { AUTH_METHOD: 'oidc \t# sign-in' }],
    ['AUTH_METHOD=oidc\t # sign-in', { AUTH_METHOD: 'oidc' }],
    ['AUTH_METHOD=oidc# sign-in', { AUTH_METHOD: 'oidc# sign-in' }],
    ['AUTH_METHOD=oidc  #', { AUTH_METHOD: 'oidc' }],
    ['AUTH_METHOD=a # b # c', { AUTH_METHOD: 'a' }],
    ['IDP_URI= # leave empty', { IDP_URI: '# leave empty' }],
    ['IDP_URI=# leave empty', { IDP_URI: '# leave empty' }],
    ['IDP_URI=\t# leave empty', { IDP_URI: '# leave empty' }],
    ['IDP_URI=  # leave # empty', { IDP_URI: '# leave' }],
    ['IDP_URI=', { IDP_URI: '' }],
    ['IDP_URI=   ', { IDP_URI: '' }],
    ['# IDP_URI=x', {}],
    ['   # IDP_URI=x\n\n\t#\nA=1', { A: '1' }],
  ],
  'an env file: names and separators': [
    ['A=1', { A: '1' }],
    ['A = 1', { A: '1' }],
    ['A\t=\t1', { A: '1' }],
    ['  A=1', { A: '1' }],
    ['A: 1', { A: '1' }],
    ['A:1', { A: '1' }],
    ['A==1', { A: '=1' }],
    ['A=b=c', { A: 'b=c' }],
    ['a.b-c[0]=1', { 'a.b-c[0]': '1' }],
    ['1A=2', { '1A': '2' }],
    ['GRÖSSE=1', { GRÖSSE: '1' }],
    ['变量=1', { 变量: '1' }],
    ['A', 'line 1: the last line is a name alone'],
    ['A\n', { A: undefined }],
    ['A  \nB=1', { A: undefined, B: '1' }],
    ['A\r\nB=1', { A: undefined, B: '1' }],
    ['A # why\n', 'line 1: expected NAME=value'],
    ['A B=1', 'line 1: expected "="'],
    ['=1', 'line 1: expected NAME=value'],
    ['x=1\n{"a": 1}', 'line 2: expected NAME=value'],
    ['A+B=1', 'line 1: expected NAME=value'],
  ],
  'an env file: export': [
    ['export A=1', { A: '1' }],
    ['export\tA=1', { A: '1' }],
    ['export  A = 1', { A: '1' }],
    ['export A\nB=1', { A: undefined, B: '1' }],
    ['export\nA=1', { A: '1' }],
    ['export=1', { export: '1' }],
    ['exported=1', { exported: '1' }],
    ['set A=1', 'line 1: expected "="'],
  ],
  'an env file: quotes': [
    [`A='x'`, { A: 'x' }],
    [`A="x"`, { A: 'x' }],
    [`A='x' # why`, { A: 'x' }],
    [`A="x"# why`, { A: 'x' }],
    [`A="x # y"`, { A: 'x # y' }],
    [`A='x # y'`, { A: 'x # y' }],
    [`A=''`, { A: '' }],
    [`A="" # empty`, { A: '' }],
    [`A= 'x'`, { A: 'x' }],
    [`A='it"s'`, { A: 'it"s' }],
    [`A="it's"`, { A: `it's` }],
    [`A=it's`, { A: `it's` }],
    [`A=x"y"`, { A: 'x"y"' }],
    [`A="x" B=2`, { A: 'x', B: '2' }],
    [`A='x`, 'line 1: a quote'],
    [`B=1\nA="x`, 'line 2: a quote'],
  ],
  'an env file: escapes': [
    [`A='it\\'s'`, { A: `it's` }],
    [`A="say \\"x\\""`, { A: 'say "x"' }],
    [`A='a\\nb'`, { A: 'a\\nb' }],
    [`A="a\\nb\\tc"`, { A: 'a\nb\tc' }],
    [`A=a\\nb`, { A: 'a\\nb' }],
    [`A="a\\\\b"`, { A: 'a\\b' }],
    [`A="a\\qb"`, { A: 'a\\qb' }],
    [`A="\\0101"`, { A: 'A' }],
    [`A="\\012"`, { A: '\\12' }],
    [`A="\\0777"`, { A: '\\777' }],
    [`A="\\x41"`, { A: '\\x41' }],
    [`A='x\\\\'`, { A: 'x\\\\' }],
  ],
  'an env file: variables': [
    ['A=$B', { A: OPEN }],
    ['A=${B}', { A: OPEN }],
    ['A=${B:-x}', { A: OPEN }],
    ['A="x${B}y"', { A: OPEN }],
    [`A='$B'`, { A: '$B' }],
    ['A=x$$y', { A: 'x$y' }],
    ['A="x$$y"', { A: 'x$y' }],
    ['A="x\\$y"', { A: 'x$y' }],
    ['A=x\\$y', { A: OPEN }],
    ['A=$$$B', { A: OPEN }],
  ],
  'an env file: lines, line breaks and encodings': [
    ['A=1\r\nB=2\r\n', { A: '1', B: '2' }],
    ['A=\r\nB=2', { A: '', B: '2' }],
    ['A="x"\r\nB=2', { A: 'x', B: '2' }],
    ['A="x\r\ny"\r\nB=2', { A: 'x\r\ny', B: '2' }],
    [
      'A="-----\nB=inside\n-----" # x\nC=3',
      { A: '-----\nB=inside\n-----', C: '3' },
    ],
    [`A='\nB=inside\n'`, { A: '\nB=inside\n' }],
    ['\uFEFFA=1', { A: '1' }],
    ['\uFEFF# x\r\nA=1', { A: '1' }],
    ['A=1\rB=2', { A: '1\rB=2' }],
    ['A=\u00a01\u00a0', { A: '1' }],
    ['A=1\u2003', { A: '1' }],
    ['A=1\u0085', { A: '1' }],
    ['A=1\nA=2\nB=3\nA=4', { A: '4', B: '3' }],
    ['A\x00=\x001\x00', 'NUL characters'],
    ['\uFEFFA\x00=\x00', 'NUL characters'],
    ['', {}],
    ['\n\n \t\r\n', {}],
  ],
};

/** A text stands for a part of a refusal. */
const matcherOf = (expected: Line[1]): unknown =>
  typeof expected === 'string' ? expect.stringContaining(expected) : expected;

describe.each(Object.entries(KINDS))('%s', (_, lines) => {
  it.each(lines)('%j', (text, expected) => {
    expect(outcomeOf(text)).toEqual(matcherOf(expected));
  });
});

describe('an env file: its reader', () => {
  it('reads a megabyte of any line in time that grows with its length', () => {
    for (const line of ['# x\n', 'A=x\n', 'A=" # "\n', '\n', ' ', 'A= #']) {
      // Of the processor, so that a busy machine changes nothing.
      const start = process.cpuUsage();
      read(line.repeat(1_048_576 / line.length));
      expect(process.cpuUsage(start).user / 1_000).toBeLessThan(3_000);
    }
  });
});
