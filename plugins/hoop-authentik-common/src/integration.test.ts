import {
  checkSchema,
  integrationSchema,
  integrationState,
  type Check,
  type CheckStatus,
  type Integration,
} from './integration';

const checkOf = (status: CheckStatus): Check => ({
  id: 'authentik.application',
  system: 'authentik',
  title: 'Application exists',
  status,
});

const USED = { usesAuthentik: true, settingsInUse: true };

describe('integrationState', () => {
  it.each<[string, CheckStatus[], Partial<typeof USED>]>([
    ['connected', ['pass', 'pass'], {}],
    ['connected', ['pass', 'warn', 'skipped'], {}],
    ['connected', [], {}],
    ['connected', ['pass'], { settingsInUse: false }],
    ['drifted', ['pass', 'fail'], {}],
    ['drifted', ['warn', 'fail'], {}],
    ['pending', ['pass', 'fail'], { settingsInUse: false }],
    ['not-connected', ['fail'], { usesAuthentik: false }],
    ['not-connected', ['pass'], { usesAuthentik: false }],
    ['not-connected', ['fail'], { usesAuthentik: false, settingsInUse: false }],
    ['unreachable', ['pass', 'unknown'], {}],
    ['unreachable', ['fail', 'unknown'], {}],
    ['unreachable', ['unknown'], { usesAuthentik: false }],
    ['unreachable', ['unknown', 'fail'], { settingsInUse: false }],
  ])('should be %s for %j, %j', (state, statuses, facts) => {
    expect(integrationState(statuses.map(checkOf), { ...USED, ...facts })).toBe(
      state,
    );
  });
});

const INTEGRATION: Integration = {
  entityRef: 'component:default/hoop',
  state: 'connected',
  gateway: { name: 'prod', title: 'Production', url: 'https://hoop.company' },
  authentik: { name: 'default', baseUrl: 'https://auth.company' },
  application: {
    slug: 'hoop',
    issuer: 'https://auth.company/application/o/hoop/',
    adminUrl: 'https://auth.company/if/admin/#/core/applications/hoop',
  },
  checks: [checkOf('pass')],
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
    [
      'a check without a status',
      { checks: [{ ...checkOf('pass'), status: '' }] },
    ],
    ['no gateway', { gateway: undefined }],
  ])('should refuse %s', (_, change) => {
    expect(
      integrationSchema.safeParse({ ...INTEGRATION, ...change }).success,
    ).toBe(false);
  });
});

describe('checkSchema', () => {
  it.each(['pass', 'warn', 'fail', 'unknown', 'skipped'] as const)(
    'should accept the status %s',
    status => {
      expect(checkSchema.parse(checkOf(status)).status).toBe(status);
    },
  );

  it('should refuse an unknown system', () => {
    expect(
      checkSchema.safeParse({ ...checkOf('pass'), system: 'vault' }).success,
    ).toBe(false);
  });
});
