import type { AuthentikBindingFields } from '../systems/authentik/types';
import { endingNotes, planBindings } from './bindings';

type Existing = AuthentikBindingFields & { pk: string };

const OPTIONS = {
  enabled: true,
  negate: false,
  timeout: 30,
  failureResult: false,
};

function existing(pk: string, fields: AuthentikBindingFields): Existing {
  return { pk, ...OPTIONS, ...fields };
}

const ADMIN = existing('b1', { group: 'admin', order: 0 });
const JANE = existing('b2', { user: 7, order: 1 });
const POLICY = existing('b3', { policy: 'office', order: 2 });

describe('planBindings', () => {
  it.each(['additive', 'authoritative'] as const)(
    'should plan nothing for matching bindings in %s mode, in any order',
    mode => {
      expect(
        planBindings(
          [ADMIN, JANE, POLICY],
          [{ policy: 'office' }, { user: 7 }, { group: 'admin' }],
          mode,
        ),
      ).toEqual([]);
    },
  );

  it('should create what is missing, by default in the order given', () => {
    const changes = planBindings(
      [],
      [{ group: 'admin' }, { user: 7, order: 10, negate: true }],
      'additive',
    );
    expect(changes).toEqual([
      {
        kind: 'create',
        pk: undefined,
        fields: { group: 'admin', order: 0 },
        subject: { index: 0, key: 'group admin' },
        from: '(none)',
        to: 'order 0, enabled',
      },
      {
        kind: 'create',
        pk: undefined,
        fields: { user: 7, order: 10, negate: true },
        subject: { index: 1, key: 'user 7' },
        from: '(none)',
        to: 'order 10, enabled, negated',
      },
    ]);
  });

  it.each([
    ['order', { order: 5 }],
    ['enabled', { enabled: false }],
    ['negate', { negate: true }],
    ['timeout', { timeout: 60 }],
    ['failureResult', { failureResult: true }],
  ])('should change %s and keep the rest', (_, wanted) => {
    expect(
      planBindings([JANE], [{ user: 7, ...wanted }], 'additive'),
    ).toMatchObject([
      { kind: 'update', pk: 'b2', fields: { ...JANE, ...wanted } },
    ]);
  });

  it('should enable a disabled binding and remove a negation', () => {
    const changed = { ...JANE, enabled: false, negate: true };
    expect(planBindings([changed], [{ user: 7 }], 'additive')).toMatchObject([
      { kind: 'update', from: 'order 1, disabled, negated', fields: JANE },
    ]);
  });

  it('should show every option that changes', () => {
    const [change] = planBindings(
      [JANE],
      [{ user: 7, timeout: 99, failureResult: true }],
      'additive',
    );
    expect(change).toMatchObject({
      from: 'order 1, enabled',
      to: 'order 1, enabled, timeout 99 s, passes when it fails',
    });
  });

  it('should distinguish a user from a group of the same key', () => {
    const [change] = planBindings([JANE], [{ group: '7' }], 'additive');
    expect(change.kind).toBe('create');
  });

  it('should keep others in additive mode', () => {
    expect(planBindings([ADMIN, JANE], [{ user: 7 }], 'additive')).toEqual([]);
  });

  it('should remove others in authoritative mode after creating', () => {
    const changes = planBindings(
      [ADMIN, JANE],
      [{ policy: 'office' }, { user: 7, order: 0 }],
      'authoritative',
    );
    expect(changes.map(({ kind, pk }) => [kind, pk])).toEqual([
      ['create', undefined],
      ['update', 'b2'],
      ['delete', 'b1'],
    ]);
    expect(changes[2]).toMatchObject({
      subject: { index: undefined, key: 'group admin' },
      to: '(removed)',
    });
  });

  it('should never remove all in authoritative mode', () => {
    expect(planBindings([ADMIN, JANE], [], 'authoritative')).toEqual([]);
  });

  it('should disable only after the replacing binding exists', () => {
    const changes = planBindings(
      [ADMIN],
      [{ group: 'admin', enabled: false }, { user: 7 }],
      'additive',
    );
    expect(changes.map(({ kind }) => kind)).toEqual(['create', 'update']);
  });

  describe('with the same binding twice', () => {
    const twin = { ...ADMIN, pk: 'b9', order: 4 };

    it('should keep the second one in additive mode', () => {
      expect(
        planBindings([ADMIN, twin], [{ group: 'admin' }], 'additive'),
      ).toEqual([]);
    });

    it('should remove the second one in authoritative mode', () => {
      expect(
        planBindings([ADMIN, twin], [{ group: 'admin' }], 'authoritative'),
      ).toMatchObject([{ kind: 'delete', pk: 'b9' }]);
    });
  });
});

describe('bindings that end', () => {
  const ending = { ...ADMIN, expires: '2026-12-01T10:00:00Z' };

  it('should keep their end when something else of them changes, and say so', () => {
    expect(
      planBindings([ending], [{ group: 'admin', order: 3 }], 'additive'),
    ).toMatchObject([
      {
        kind: 'update',
        fields: { order: 3, expires: ending.expires },
        from: 'order 0, enabled, until 2026-12-01',
        to: 'order 3, enabled, until 2026-12-01',
      },
    ]);
    expect(planBindings([ending], [{ group: 'admin' }], 'additive')).toEqual(
      [],
    );
  });

  it('should be told of to whom they are wanted, unless another one stays', () => {
    const spec = { bindings: [{ user: 'jane' }, { group: 'Admins' }] };
    const wanted = [{ user: 7 }, { group: 'admin' }];
    expect(endingNotes([JANE, ending, POLICY], wanted, spec)).toEqual([
      'The binding of group "Admins" ends on 2026-12-01. To keep it longer, remove its end in authentik.',
    ]);
    expect(endingNotes([JANE, ending, ADMIN], wanted, spec)).toEqual([]);
    expect(endingNotes([], wanted, spec)).toEqual([]);
  });
});
