import type { ProblemSeverity } from 'backstage-plugin-hoop-authentik-common';
import { exitCodeOf, type GatewayReport, type Verdict } from './examine';
import { reportOf } from '../__testUtils__/reportOf';

const MISCONFIGURED: GatewayReport = {
  name: 'x',
  verdict: 'misconfigured',
  error: 'why',
};

const withProblems = (
  verdict: Verdict,
  ...severities: ProblemSeverity[]
): GatewayReport =>
  reportOf({
    verdict,
    problems: severities.map(severity => ({
      id:
        severity === 'unknown'
          ? 'authentik.unreachable'
          : 'authentik.application',
      severity,
      title: 'Application exists',
      remedy: 'Create it.',
      checks: ['authentik.application'],
    })),
  });

const HEALTHY = withProblems('healthy', 'warn');
const FAILING = withProblems('failing', 'fail', 'warn');
const OUT_OF_REACH = withProblems('unreachable', 'unknown');

describe('exitCodeOf', () => {
  it.each<[code: number, when: string, reports: GatewayReport[]]>([
    [0, 'nothing is wrong', [withProblems('healthy'), HEALTHY]],
    [1, 'something fails', [HEALTHY, FAILING]],
    [2, 'something is out of reach', [OUT_OF_REACH]],
    [
      2,
      'something fails, and something is out of reach',
      [withProblems('failing', 'fail', 'unknown')],
    ],
    [2, 'one fails, and another is out of reach', [FAILING, OUT_OF_REACH]],
    [2, 'one is misconfigured', [HEALTHY, MISCONFIGURED]],
    [2, 'there is none', []],
  ])('should be %d where %s', (code, _, reports) => {
    expect(exitCodeOf(reports)).toBe(code);
  });
});
