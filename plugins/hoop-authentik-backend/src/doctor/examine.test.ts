import { exitCodeOf, type GatewayReport, type Verdict } from './examine';

const reports = (...verdicts: Verdict[]): GatewayReport[] =>
  verdicts.map(verdict => ({ name: verdict, verdict, error: 'why' }));

describe('exitCodeOf', () => {
  it.each<[code: number, verdicts: Verdict[]]>([
    [0, ['healthy']],
    [0, ['healthy', 'healthy']],
    [1, ['healthy', 'failing']],
    [2, ['failing', 'unreachable']],
    [2, ['healthy', 'misconfigured']],
    [2, []],
  ])('should be %d for %j', (code, verdicts) => {
    expect(exitCodeOf(reports(...verdicts))).toBe(code);
  });
});
