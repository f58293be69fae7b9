import type { Check, Problem } from 'backstage-plugin-hoop-authentik-common';
import { reportOf } from '../__testUtils__/reportOf';
import type { GatewayReport, Verdict } from './examine';
import { renderReport } from './renderReport';

const CHECKS: Record<string, Check> = {
  pass: {
    id: 'authentik.reachable',
    system: 'authentik',
    title: 'authentik answers and accepts the token',
    status: 'pass',
    actual: 'version 2026.8.0, which is shown in more words than fit beside it',
  },
  fail: {
    id: 'authentik.redirect-uri',
    system: 'authentik',
    title: 'Redirect URI is strict and exact',
    status: 'fail',
    expected: 'strict https://hoop.company/api/callback',
    actual: 'regex https://.*\u001b[2J',
    remedy:
      'Run the software template again: it adds the redirect URI and keeps the others.',
    link: 'https://auth.company/if/admin/#/core/applications/hoop',
  },
  warn: {
    id: 'kubernetes.image',
    system: 'kubernetes',
    title: 'Gateway image is a fixed version',
    status: 'warn',
    expected: 'a digest',
    actual: 'hoophq/hoop:latest',
    remedy: 'Name a version.',
  },
  skipped: {
    id: 'gateway.version',
    system: 'gateway',
    title: 'Gateway version knows the settings',
    status: 'skipped',
    actual: 'not reported',
  },
  unknown: {
    id: 'authentik.application',
    system: 'authentik',
    title: 'Application exists',
    status: 'unknown',
    actual: 'authentik is unreachable',
    cause: 'authentik.unreachable',
  },
  unknownToo: {
    id: 'authentik.discovery',
    system: 'authentik',
    title: 'Discovery',
    status: 'unknown',
    actual: 'authentik is unreachable',
    cause: 'authentik.unreachable',
  },
};

const OUTAGE: Problem = {
  id: 'authentik.unreachable',
  severity: 'unknown',
  title: 'authentik is unreachable',
  error:
    'authentik instance "default" (https://auth.company) cannot be reached: GET /api/v3/core/applications/hoop/: connect ECONNREFUSED.',
  remedy:
    'Nothing listens at the address. Start authentik, or correct baseUrl of the authentik instance in app-config.',
  checks: ['authentik.application', 'authentik.discovery'],
};

function problemOf(name: 'fail' | 'warn'): Problem {
  const { id, title, remedy = '', link } = CHECKS[name];
  return { id, severity: name, title, remedy, link, checks: [id] };
}

function report(
  verdict: Verdict,
  state: NonNullable<GatewayReport['integration']>['state'],
  problems: Problem[],
  ...checks: Array<keyof typeof CHECKS>
): GatewayReport {
  return reportOf({
    verdict,
    state,
    problems,
    checks: checks.map(name => CHECKS[name]),
  });
}

const REPORTS: Record<string, GatewayReport[]> = {
  'one that is healthy': [
    report(
      'healthy',
      'connected',
      [problemOf('warn')],
      'pass',
      'warn',
      'skipped',
    ),
  ],
  'one that fails': [
    report('failing', 'drifted', [problemOf('fail')], 'pass', 'fail'),
  ],
  'one with a system out of reach': [
    report(
      'unreachable',
      'unreachable',
      [OUTAGE],
      'unknown',
      'unknownToo',
      'skipped',
    ),
  ],
  'several, one without a usable configuration': [
    report('healthy', 'connected', [], 'pass'),
    {
      name: 'staging',
      verdict: 'misconfigured',
      error:
        'The certificate authority file "/etc/ca.pem" named in app-config (caFile) cannot be read; expected a PEM file',
    },
  ],
  none: [],
};

describe('renderReport', () => {
  it.each(Object.keys(REPORTS))('should print %s', name => {
    const text = renderReport(REPORTS[name], {
      color: false,
      width: 80,
      cut: true,
    });
    expect(text).toMatchSnapshot();
    expect(text.split('\n').filter(line => line.length > 80)).toEqual([]);
    expect(text).not.toContain('\u001b');
  });

  it('should print in colour', () => {
    expect(
      renderReport(REPORTS['one that fails'], {
        color: true,
        width: 80,
        cut: true,
      }),
    ).toMatchSnapshot();
  });

  it('should cut nothing where the window cannot be widened', () => {
    const checks = REPORTS['one that fails'].flatMap(
      ({ integration }) => integration?.checks ?? [],
    );
    const notes = checks.filter(
      ({ status, actual }) =>
        actual && (status === 'pass' || status === 'skipped'),
    );
    expect(notes).not.toEqual([]);
    const text = renderReport(REPORTS['one that fails'], {
      color: false,
      width: 40,
      cut: false,
    });
    for (const { title, actual } of notes) {
      expect(text).toContain(`${title} · ${actual}\n`);
    }
  });

  it('should make use of a narrow terminal', () => {
    const text = renderReport(REPORTS['one that fails'], {
      color: false,
      width: 40,
      cut: true,
    });
    expect(text).toMatchSnapshot();
  });
});
