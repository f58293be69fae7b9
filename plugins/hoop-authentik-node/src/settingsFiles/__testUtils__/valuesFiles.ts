import fc from 'fast-check';
import { foreign, layOut, layouts, ours, type Piece } from './pieces';

const SETTINGS = [
  'AUTH_METHOD',
  'IDP_CLIENT_ID',
  'IDP_GROUPS_CLAIM',
  'IDP_ISSUER',
];

/** Foreign entries, for maps indented by two or four spaces. `@` makes each unique. */
const FOREIGN_ENTRIES = [
  'k@: plain\n',
  "k@: 'it''s' # why\n",
  'k@: "tab\\t@"\n',
  '# comment @\n',
  '\n# comment @ after a gap\n\n',
  'k@: |\n>>literal @\n>>  deeper\n',
  'k@: |+\n>>kept @\n\n\n',
  'k@: >-\n>>folded @\n>>on\n\n',
  'k@: [a, {b: "@"}]\n',
  'k@: {a: b, # @\n>>c: d}\n',
  'k@:\n>># deep @\n>>x: 1\n>>y:\n>>>>- z\n',
  'k@:\n- item @\n- \n',
  'k@: *base\n',
  'k@:\n',
  '"k@": over\n>>two lines @\n',
  '? k@\n: explicit\n',
  'k@: !!str 12\n',
];

/** Indents the lines of an entry: `>>` means one step. */
function indented(entry: string, step: number, depth: number): string {
  const margin = ' '.repeat(step * depth);
  return entry
    .replaceAll('>>', ' '.repeat(step))
    .replace(/^(?=.)/gm, margin)
    .replace(/^ +$/gm, '');
}

const foreignEntries = fc.array(fc.constantFrom(...FOREIGN_ENTRIES), {
  maxLength: 4,
});

/** Ways in which a setting may already be written, right or wrong. */
const WRITTEN: Array<(value: string) => string> = [
  (value: string) => value,
  (value: string) => `'${value}'`,
  (value: string) => `"${value}"`,
  (value: string) => `!!str ${value}`,
  (value: string) => `&own-${value.length} ${value}`,
];

type Written = ((value: string) => string) | 'block' | 'empty' | 'alias';

const present = fc.record({
  key: fc.constantFrom(...SETTINGS),
  value: fc.constantFrom('old', 'oidc', 'groups', 'client-1'),
  written: fc.constantFrom<Written>(...WRITTEN, 'block', 'empty', 'alias'),
  comment: fc.constantFrom('', ' # note @'),
});

type Present = typeof present extends fc.Arbitrary<infer T> ? T : never;

function settingPieces(
  { key, value, written, comment }: Present,
  step: number,
  depth: number,
): Piece[] {
  const margin = ' '.repeat(step * depth);
  switch (written) {
    case 'block':
      return [
        ours(`${margin}${key}: |-`),
        foreign(comment),
        ours(`\n${margin}${' '.repeat(step)}${value}\n`),
      ];
    case 'empty':
      return [ours(`${margin}${key}:`), foreign(comment), ours('\n')];
    case 'alias':
      return [ours(`${margin}${key}: *base`), foreign(comment), ours('\n')];
    default:
      return [
        ours(`${margin}${key}: ${written(value)}`),
        foreign(comment),
        ours('\n'),
      ];
  }
}

const presents = fc.uniqueArray(present, {
  selector: ({ key }) => key,
  maxLength: 4,
});

/** The `config` of a file in every form, in pieces. */
function configs(step: number, depth: number): fc.Arbitrary<Piece[]> {
  const margin = ' '.repeat(step * depth);
  const empty = fc
    .tuple(
      fc.constantFrom('', ' {}', ' null', ' ~', ' &mine', ' &mine {}'),
      fc.constantFrom('', ' # empty @'),
    )
    .map(([value, comment]) => [
      ours(`${margin}config:${value}`),
      foreign(comment),
      ours('\n'),
    ]);
  const flow = fc
    .tuple(presents, fc.constantFrom('', ' ', ', '))
    .map(([settings, end]) => [
      ours(`${margin}config: {`),
      foreign('"f@": [x]'),
      ...settings.map(({ key, value }) => ours(`, ${key}: ${value}`)),
      foreign(`${end}} # flow @\n`),
    ]);
  const block = fc
    .tuple(
      fc.constantFrom('', `${margin}${' '.repeat(step)}<<: *defaults # @\n`),
      fc.array(
        fc.oneof(
          fc
            .constantFrom(...FOREIGN_ENTRIES)
            .map(entry => [foreign(indented(entry, step, depth + 1))]),
          present,
        ),
        { minLength: 1, maxLength: 6 },
      ),
    )
    .map(([merge, entries]) => {
      const seen = new Set<string>();
      return [
        foreign(`${margin}config: # block @\n`),
        foreign(merge),
        foreign(`${margin}${' '.repeat(step)}FIRST@: 1\n`),
        ...entries.flatMap(entry => {
          if (Array.isArray(entry)) {
            return entry;
          }
          if (seen.has(entry.key)) {
            return [];
          }
          seen.add(entry.key);
          return settingPieces(entry, step, depth + 1);
        }),
      ];
    });
  return fc.oneof(fc.constant<Piece[]>([]), empty, flow, block);
}

/** A values file, and where its chart's config is. @internal */
export interface ValuesFile {
  configPath: string;
  pieces: Piece[];
}

/** Values files as people write them, and worse. @internal */
export const valuesFiles: fc.Arbitrary<ValuesFile> = fc
  .record({
    step: fc.constantFrom(2, 4),
    wrapped: fc.boolean(),
    before: foreignEntries,
    after: foreignEntries,
    layout: layouts,
  })
  .chain(({ step, wrapped, before, after, layout }) =>
    configs(step, wrapped ? 1 : 0).map(config => {
      const depth = wrapped ? 1 : 0;
      const entries = (list: string[]) =>
        list.map(entry => foreign(indented(entry, step, depth)));
      return {
        configPath: wrapped ? 'hoop-chart.config' : 'config',
        pieces: layOut(
          [
            foreign('x@: &base anchored # @\n'),
            foreign('y@: &defaults {AUTH_METHOD: oidc, M@: 1}\n'),
            ...(wrapped
              ? [
                  foreign('hoop-chart:\n'),
                  foreign(`${' '.repeat(step)}first@: 1\n`),
                ]
              : []),
            ...entries(before),
            ...config,
            ...entries(after),
          ],
          layout,
        ),
      };
    }),
  );
