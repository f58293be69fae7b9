import { fieldOutcome, TestReport } from './fieldTable';

const test = (kind: string[], title: string, status = 'passed') => ({
  ancestorTitles: kind,
  fullName: [...kind, title].join(' '),
  status,
  failureMessages: status === 'failed' ? ['expected 1, found 2'] : [],
});
const file = (
  ...assertionResults: TestReport['testResults'][number]['assertionResults']
) => ({ name: 'a.field.test.ts', message: '', assertionResults });

describe('fieldOutcome', () => {
  it('should count the variants of a kind over nested descriptions and files', () => {
    expect(
      fieldOutcome({
        testResults: [
          file(test(['ports'], 'a'), test(['ports', 'odd'], 'b')),
          file(test(['ports'], 'c'), test(['names'], 'd')),
        ],
      }),
    ).toEqual({
      good: true,
      lines: [
        'kind     variants    passed    failed',
        'names           1         1         0',
        'ports           3         3         0',
        '2 kinds         4         4         0',
      ],
    });
  });

  it.each(['failed', 'pending', 'todo', 'skipped'])(
    'should fail for a variant that is %s',
    status => {
      const { good, lines } = fieldOutcome({
        testResults: [file(test(['ports'], 'a'), test(['ports'], 'b', status))],
      });
      expect(good).toBe(false);
      expect(lines).toContain('ports           2         1         1');
      expect(lines).toContain(`ports b: ${status}`);
      expect(lines.includes('expected 1, found 2')).toBe(status === 'failed');
    },
  );

  it('should fail for a test outside of a kind', () => {
    expect(fieldOutcome({ testResults: [file(test([], 'a'))] }).good).toBe(
      false,
    );
  });

  it('should fail where nothing was found', () => {
    expect(fieldOutcome({ testResults: [] })).toMatchObject({
      good: false,
      lines: expect.arrayContaining([
        'No variant was found: expected tests in *.field.test.ts',
      ]),
    });
  });

  it('should fail for a file that could not be run', () => {
    const { good, lines } = fieldOutcome({
      testResults: [
        file(test(['ports'], 'a')),
        { ...file(), message: 'Cannot find module' },
      ],
    });
    expect(good).toBe(false);
    expect(lines).toContain('Cannot find module');
  });
});
