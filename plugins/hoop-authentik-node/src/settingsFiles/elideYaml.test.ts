import fc from 'fast-check';
import { chooseDocument } from './yamlDocument';
import { editYaml, openYaml } from './editYaml';
import { elideYaml } from './elideYaml';
import { patch } from './__testUtils__/helmSettings';

/** Sections of a values file, plain and odd; `@` becomes a number. */
const SECTIONS = [
  ...Array.from({ length: 6 }, () => 'k@:\n  a: 1\n  b: x y # why\n  c: []\n'),
  'k@: plain\n',
  "k@: 'it''s'\n",
  'k@:\n- a\n- b: 1\n  c: 2\n-\n  - d\n',
  'k@:\n  - name: x\n    value: "y\\n"\n  - name: z\n',
  'k@: |\n  text: a\n    deeper "\n\n  end\n',
  'k@: >-\n  text\n',
  'k@: |+\n  kept\n\n\n',
  '# comment @\n\n',
  'k@: {a: 1, b: "c"}\n',
  'k@: https://x.company:80/a#b\n',
  '"k@": odd\n',
  'k@: "over\n  two: lines"\n',
  "k@: 'a\n\n  k: b'\n",
  'k@: {a: 1,\n  b: 2,\n  c: 3}\n',
  'k@: [\n  a,\n  b\n]\n',
  'k@: &a@ {x: 1}\n',
  'k@: plain\n  over: two\n'.replace(': two', ' two'),
  'k@:\n  <<: {z: 1}\n  y: 1\n',
  '? k@\n: explicit\n',
  'k@: !!str 1\n',
  'k@:\n',
  'k@:\n  # only a comment\n',
  'k@:\n  config:\n    deep: 1\n',
];

const KEYS = ['config', 'A', 'B'];

function edited(text: string, smallest: number): string {
  try {
    const opened = openYaml('values.yaml', text, KEYS, smallest);
    const document = chooseDocument('values.yaml', opened, undefined);
    return (
      editYaml(opened, document, [
        { path: ['config', 'A'], value: 'new' },
        { path: ['config', 'B'], value: 'newer' },
      ]) ?? text
    );
  } catch (error) {
    return String(error);
  }
}

describe('elideYaml', () => {
  it('should make no difference to an edit, whatever the file is', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...SECTIONS), {
          minLength: 12,
          maxLength: 40,
        }),
        fc.nat({ max: 40 }),
        fc.constantFrom('config:\n  A: old\n  z: 1\n', 'config: {}\n', ''),
        fc.constantFrom('\n', '\r\n'),
        (sections, at, config, lineBreak) => {
          const text = sections
            .toSpliced(at, 0, config)
            .map((section, index) => section.replaceAll('@', `-${index}-`))
            .join('')
            .replaceAll('\n', lineBreak);

          expect(edited(text, 0)).toBe(edited(text, Infinity));
          const { text: skeleton, restore } = elideYaml(text, new Set(KEYS), 0);
          expect(restore(skeleton)).toBe(text);
        },
      ),
      { numRuns: 40 },
    );
  });

  const plain = (count: number, indent = '') =>
    Array.from(
      { length: count },
      (_, n) =>
        `${indent}key${n}:\n${indent}  a: "x" # why\n${indent}  b: [y]\n`,
    ).join('');

  it('should leave out almost all of a long file, at every level', () => {
    const text = `chart:\n  config:\n    API_URL: x\n${plain(
      2_000,
      '  ',
    )}${plain(2_000)}`;
    const { text: skeleton, restore } = elideYaml(
      text,
      new Set(['chart', 'config']),
    );
    expect(skeleton.length).toBeLessThan(500);
    expect(restore(skeleton)).toBe(text);
    expect(restore(skeleton.replace(/.*elided-1: 0\n/, ''))).toBeUndefined();
  });

  it('should name the line of the file where the YAML is wrong', () => {
    const text = `${plain(3_000)}a: b: c\n`;
    expect(() => patch(text)).toThrow('line 9001: this is not valid YAML');
  });

  it('should leave a file with a key that occurs twice to the parser', () => {
    expect(() => patch(`${plain(1_500)}${plain(1_500)}`)).toThrow(
      /line 4501: .*a key occurs twice/,
    );
  });

  it.each([
    ['a megabyte of sections', plain(26_000)],
    [
      'a megabyte of keys',
      `a:\n${Array.from({ length: 75_000 }, (_, n) => `  k${n}: value\n`).join(
        '',
      )}`,
    ],
    [
      'a megabyte of text',
      `a: |\n${'  a line of text: with "quotes" # and more\n'.repeat(24_000)}`,
    ],
    [
      'a megabyte under the chart',
      `config:\n  API_URL: x\n  deep:\n${plain(24_000, '    ')}`,
    ],
  ])(
    'should keep the time short: %s',
    (_, text) => {
      patch('a: 1\n');
      const start = process.cpuUsage();
      expect(patch(text).changes).toHaveLength(4);
      // It takes about 100 ms of processor time; the parser alone would take seconds.
      expect(process.cpuUsage(start).user / 1e3).toBeLessThan(1_000);
    },
    20_000,
  );
});
