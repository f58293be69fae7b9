import fc from 'fast-check';
import { SecretValue } from '../core';
import { patchEnvFile } from './patchEnvFile';
import {
  betweenForeign,
  foreign,
  layOut,
  layouts,
  ours,
  textOf,
  type Piece,
} from './__testUtils__/pieces';

const KEYS = [
  'AUTH_METHOD',
  'IDP_CLIENT_ID',
  'IDP_CLIENT_SECRET',
  'IDP_GROUPS_CLAIM',
  'IDP_ISSUER',
] as const;

const FOREIGN = [
  '# comment @\n',
  '\n',
  '# IDP_ISSUER=commented @\n',
  'K@=plain\n',
  'K@ = spaced # why\n',
  'export K@=$OTHER/x\n',
  "K@='single # $x'\n",
  'K@="double \\" \\n $X"  # why\n',
  'K@="-----BEGIN\nIDP_ISSUER=inside\n-----END"\n',
  'K@: yaml\n',
  'K@\n\nK@=\n',
  'K@=\n',
  '  K@=a=b#c\n',
];

/** A line with one of the settings, and the value that it sets. */
const line = fc
  .record({
    key: fc.constantFrom(...KEYS),
    value: fc.constantFrom('old', 'client-1', 'https://a/b/'),
    quote: fc.constantFrom('', "'", '"'),
    start: fc.constantFrom('', '  ', 'export '),
    separator: fc.constantFrom('=', ' = ', ': '),
    comment: fc.constantFrom('', ' # note @', '  '),
  })
  .map(({ key, value, quote, start, separator, comment }) => ({
    key,
    value,
    pieces: [
      foreign(start.trim() === '' ? '' : `# before @\n`),
      ours(`${start}${key}${separator}${quote}${value}${quote}`),
      foreign(comment.trim() === '' ? '' : comment),
      ours('\n'),
    ],
  }));

const files = fc
  .record({
    lines: fc.array(
      fc.oneof(
        line,
        fc.constantFrom(...FOREIGN).map(text => ({
          key: undefined,
          value: '',
          pieces: [foreign(text)],
        })),
      ),
      { maxLength: 9 },
    ),
    layout: layouts,
  })
  .map(({ lines, layout }) => ({
    pieces: layOut(
      lines.flatMap(({ pieces }): Piece[] => pieces),
      layout,
    ),
    before: Object.fromEntries(
      lines.flatMap(({ key, value }) => (key ? [[key, value]] : [])),
    ),
  }));

const values = fc.oneof(
  fc.constantFrom('client-1', 'https://a/b/', '', 'a b', 'x$y', "it's", '#'),
  fc
    .string({ unit: 'grapheme-ascii', maxLength: 12 })
    .filter(
      value =>
        !value.includes('\\') && !(/'/.test(value) && /["$`]/.test(value)),
    ),
);

const wanted = fc.record({
  AUTH_METHOD: values,
  IDP_CLIENT_ID: values,
  IDP_GROUPS_CLAIM: values,
  IDP_ISSUER: values,
});

/** Reads the settings between the foreign pieces of an edited file; the last line of each key counts. */
function readOurs(gaps: string[]): Record<string, string> {
  return Object.fromEntries(
    [
      ...gaps
        .join('\n')
        .matchAll(
          /^ *(?:export )?([A-Z_]+)(?: = |=|: )(?:'([^'\r\n]*)'|"([^"$\r\n]*)"|([^\s'"$]*))[ \r]*$/gm,
        ),
    ].map(([, key, single, double, bare]) => [key, single ?? double ?? bare]),
  );
}

describe('patchEnvFile on any env file', () => {
  it('should change only the settings, and be idempotent', () => {
    fc.assert(
      fc.property(
        files,
        wanted,
        fc.option(values, { nil: undefined }),
        ({ pieces, before }, settings, secret) => {
          const text = textOf(pieces);
          const options = {
            file: '.env',
            settings,
            writeClientSecret: secret !== undefined,
            clientSecret:
              secret === undefined ? undefined : new SecretValue(secret),
          };

          const patched = patchEnvFile(text, options);

          expect(readOurs(betweenForeign(pieces, patched.text))).toEqual({
            ...before,
            ...settings,
            ...(secret !== undefined && { IDP_CLIENT_SECRET: secret }),
          });
          expect(patched.text === text).toBe(patched.changes.length === 0);
          // An empty file becomes one that ends with a line break.
          expect(patched.text.endsWith('\n')).toBe(
            ['', '\uFEFF'].includes(text) || text.endsWith('\n'),
          );
          expect(patchEnvFile(patched.text, options)).toMatchObject({
            text: patched.text,
            changes: [],
          });
        },
      ),
      { numRuns: 400 },
    );
  });
});
