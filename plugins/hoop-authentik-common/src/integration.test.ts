import {
  integrationSchema,
  integrationState,
  type Integration,
} from './integration';
import type { Problem } from './problems';

const failing: Problem = {
  id: 'authentik.application',
  severity: 'fail',
  title: 'Application exists',
  remedy: 'Create it.',
  checks: ['authentik.application'],
};
const warning: Problem = { ...failing, severity: 'warn' };
const outage: Problem = {
  ...failing,
  id: 'authentik.unreachable',
  severity: 'unknown',
  error: 'no route',
};
const permission: Problem = {
  ...outage,
  id: 'authentik.permission-missing',
  severity: 'fail',
};
const down: Problem = { ...outage, id: 'gateway.down', severity: 'fail' };

const USED = { usesAuthentik: true, settingsInUse: true };

describe('integrationState', () => {
  it.each<
    [string, string, Problem[], Partial<Parameters<typeof integrationState>[1]>]
  >([
    ['connected', 'no problem', [], {}],
    ['connected', 'a warning', [warning], {}],
    ['connected', 'no problem before a restart', [], { settingsInUse: false }],
    [
      'connected',
      'an optional permission',
      [{ ...permission, severity: 'warn' }],
      {},
    ],
    ['drifted', 'a failure', [failing, warning], {}],
    ['drifted', 'a failure beside an outage', [failing, outage], {}],
    [
      'drifted',
      'a failure of a gateway that is not known',
      [failing, outage],
      { usesAuthentik: undefined },
    ],
    [
      'pending',
      'a failure before a restart',
      [failing],
      { settingsInUse: false },
    ],
    [
      'pending',
      'a failure before a restart beside an outage',
      [failing, outage],
      { settingsInUse: false },
    ],
    [
      'not-connected',
      'a gateway of its own',
      [failing],
      { usesAuthentik: false },
    ],
    [
      'not-connected',
      'a gateway of its own beside an outage',
      [failing, outage],
      { usesAuthentik: false },
    ],
    ['not-connected', 'one without problems', [], { usesAuthentik: false }],
    ['down', 'a gateway that is down', [down], {}],
    ['down', 'one that is down beside failures', [down, failing, outage], {}],
    [
      'down',
      'one that is down and not known',
      [down],
      { usesAuthentik: undefined },
    ],
    [
      'down',
      'one that is down after a change',
      [down, failing],
      { settingsInUse: false },
    ],
    ['unreachable', 'an outage', [outage, warning], {}],
    [
      'unreachable',
      'an outage of which nothing is known',
      [outage],
      { usesAuthentik: undefined },
    ],
    ['unreachable', 'a permission that is needed', [permission], {}],
  ])('should be %s for %s', (state, _, problems, facts) => {
    expect(integrationState(problems, { ...USED, ...facts })).toBe(state);
  });
});

const INTEGRATION: Integration = {
  entityRef: 'component:default/hoop',
  state: 'connected',
  warnings: 1,
  complete: true,
  gateway: { name: 'prod', title: 'Production', url: 'https://hoop.company' },
  authentik: { name: 'default', baseUrl: 'https://auth.company' },
  application: {
    slug: 'hoop',
    issuer: 'https://auth.company/application/o/hoop/',
    adminUrl: 'https://auth.company/if/admin/#/core/applications/hoop',
  },
  problems: [warning],
  checks: [
    {
      id: 'authentik.application',
      system: 'authentik',
      title: 'Application exists',
      status: 'pass',
    },
  ],
  commands: [{ title: 'Sign in', command: 'hoop login' }],
  observedAt: '2026-05-01T12:00:00.000Z',
};

describe('integrationSchema', () => {
  it('should accept an integration, through JSON too', () => {
    const received = JSON.parse(JSON.stringify(INTEGRATION));
    expect(integrationSchema.parse(received)).toEqual(INTEGRATION);
  });

  it('should not let through what it does not know', () => {
    expect(
      integrationSchema.parse({ ...INTEGRATION, clientSecret: 'x' }),
    ).not.toHaveProperty('clientSecret');
  });

  it.each([
    ['an unknown state', { state: 'fine' }],
    ['no checks', { checks: undefined }],
    ['no problems', { problems: undefined }],
    ['a state without its warnings', { warnings: undefined }],
    ['no gateway', { gateway: undefined }],
  ])('should refuse %s', (_, change) => {
    expect(
      integrationSchema.safeParse({ ...INTEGRATION, ...change }).success,
    ).toBe(false);
  });
});
