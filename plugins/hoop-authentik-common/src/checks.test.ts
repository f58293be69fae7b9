import {
  CAUSE_IDS,
  CHECK_IDS,
  checkSchema,
  checkSystemSchema,
  fixSchema,
  type Check,
} from './checks';
import { problemSchema } from './problems';

const CHECK: Check = {
  id: 'authentik.application',
  system: 'authentik',
  title: 'Application exists',
  status: 'pass',
};

describe('checkSchema', () => {
  it.each(['pass', 'warn', 'fail', 'unknown', 'skipped'] as const)(
    'should accept the status %s',
    status => {
      expect(checkSchema.parse({ ...CHECK, status }).status).toBe(status);
    },
  );

  it.each(['gateway.x-backup', 'authentik.of-a-newer-backend'])(
    'should accept the id %s',
    id => {
      expect(checkSchema.parse({ ...CHECK, id }).id).toBe(id);
    },
  );

  it.each([
    ['an unknown system', { system: 'vault' }],
    ['an unknown status', { status: '' }],
    ['an id without its system', { id: 'application' }],
    ['an id in another style', { id: 'authentik.issuerMode' }],
    ['an unknown cause', { cause: 'authentik.moved' }],
    ['a value that is no text', { params: { secret: { value: 'x' } } }],
  ])('should refuse %s', (_, change) => {
    expect(checkSchema.safeParse({ ...CHECK, ...change }).success).toBe(false);
  });
});

describe('ids', () => {
  it('should be in kebab case, of a system, and used once', () => {
    const ids = [...CHECK_IDS, ...CAUSE_IDS];
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) {
      const [system] = id.split('.');
      expect(checkSystemSchema.options).toContain(system);
      expect(checkSchema.shape.id.parse(id)).toBe(id);
    }
  });
});

describe('fixSchema', () => {
  it('should accept what the portal can offer, and nothing else', () => {
    expect(fixSchema.parse({ action: 'restart' })).toEqual({
      action: 'restart',
    });
    expect(
      fixSchema.parse({ action: 'restrict-access', groups: ['admin'] }),
    ).toEqual({ action: 'restrict-access', groups: ['admin'] });
    expect(fixSchema.parse({ action: 'repair', newSigningKey: true })).toEqual({
      action: 'repair',
      newSigningKey: true,
    });
    expect(fixSchema.safeParse({ action: 'delete' }).success).toBe(false);
  });
});

describe('problemSchema', () => {
  it('should let through no more than it knows', () => {
    expect(
      problemSchema.parse({
        id: 'gateway.down',
        severity: 'fail',
        title: 'Gateway is down',
        remedy: 'Start it.',
        checks: ['gateway.reachable'],
        token: 'x',
      }),
    ).not.toHaveProperty('token');
  });
});
