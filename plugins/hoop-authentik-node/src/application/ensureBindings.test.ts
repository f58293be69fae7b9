import type { AuthentikApplication } from '../systems/authentik/types';
import { ensureBindings } from './ensureBindings';
import { FakeAuthentikClient } from './__testUtils__/FakeAuthentikClient';
import { CLAIM } from './__testUtils__/serverObjects';
import type { ApplicationSpec, BindingSpec } from './spec';

describe('ensureBindings', () => {
  let client: FakeAuthentikClient;
  let application: AuthentikApplication;

  beforeEach(() => {
    client = new FakeAuthentikClient();
    application = client.addApplication({ name: 'Hoop', slug: 'hoop' });
  });

  const ensure = (
    bindings: BindingSpec[],
    options?: Parameters<typeof ensureBindings>[3],
    mode?: ApplicationSpec['bindingsMode'],
  ) => ensureBindings(client, CLAIM, { bindings, bindingsMode: mode }, options);

  it('should add a binding and keep the others', async () => {
    client.addBinding(application.pk, { group: 'group-admin', order: 0 });

    const ensured = await ensure([{ group: 'developers', order: 5 }]);

    expect(ensured).toEqual({
      applicationId: application.pk,
      changes: [
        {
          object: 'authentik application "hoop"',
          field: 'binding group "developers"',
          from: '(none)',
          to: 'order 5, enabled',
        },
      ],
      writes: 1,
    });
    expect(client.bindings).toMatchObject([
      { target: application.pk, group: 'group-admin', order: 0 },
      { target: application.pk, group: 'group-developers', order: 5 },
    ]);
  });

  it('should bind users and policies by their names', async () => {
    await ensure([{ user: 'jane' }, { policy: 'office-hours' }]);

    expect(client.bindings).toMatchObject([
      { user: 7, order: 0 },
      { policy: 'policy-office-hours', order: 1 },
    ]);
  });

  it('should write nothing in a second run, and change nothing else of the application', async () => {
    await ensure([{ group: 'admin', negate: true, timeout: 9 }]);
    const before = client.contents();
    client.writes.length = 0;

    await expect(
      ensure([{ group: 'admin', negate: true, timeout: 9 }]),
    ).resolves.toEqual({
      applicationId: application.pk,
      changes: [],
      writes: 0,
    });
    expect(client.writes).toEqual([]);
    expect(client.contents()).toEqual(before);
  });

  it('should change the options that are given and keep the others', async () => {
    client.addBinding(application.pk, {
      group: 'group-admin',
      order: 3,
      timeout: 9,
    });

    const ensured = await ensure([{ group: 'admin', negate: true }]);

    expect(ensured).toMatchObject({
      changes: [
        {
          from: 'order 3, enabled, timeout 9 s',
          to: 'order 3, enabled, negated, timeout 9 s',
        },
      ],
      writes: 1,
    });
    expect(client.writes).toEqual(['updateBinding']);
    expect(client.bindings).toMatchObject([
      { order: 3, timeout: 9, enabled: true, negate: true },
    ]);
  });

  it('should remove others only in authoritative mode', async () => {
    client.addBinding(application.pk, { group: 'group-admin', order: 0 });

    const ensured = await ensure([{ user: 'jane' }], {}, 'authoritative');

    expect(ensured.writes).toBe(2);
    expect(client.writes).toEqual(['createBinding', 'deleteBinding']);
    expect(client.bindings).toMatchObject([{ user: 7 }]);
  });

  it.each<[string, BindingSpec, string]>([
    [
      'group',
      { group: 'nobody' },
      'has no group named "nobody"; it has "admin", "auditors", "developers". Create it there, or give the name of an existing one.',
    ],
    [
      'user',
      { user: 'nobody' },
      'has no user named "nobody". Create it there, or give the name of an existing one.',
    ],
    [
      'policy',
      { policy: 'nothing' },
      'has no policy named "nothing". Create it there, or give the name of an existing one.',
    ],
    [
      'subject at all',
      {},
      'Binding 1 must name exactly one of group, user and policy; found 0.',
    ],
    [
      'single subject',
      { group: 'admin', user: 'jane' },
      'Binding 1 must name exactly one of group, user and policy; found 2.',
    ],
  ])('should refuse a binding with no such %s', async (_, binding, message) => {
    await expect(ensure([binding])).rejects.toMatchObject({
      name: 'InputError',
      message: expect.stringContaining(message),
    });
    expect(client.writes).toEqual([]);
  });

  it('should refuse what no server accepts before any request', async () => {
    await expect(
      ensure([{ group: 'admin' }, { group: 'admin', negate: true }]),
    ).rejects.toThrow(
      'Binding 2 names the same group, user or policy as binding 1. List each only once.',
    );
    expect(client.calls).toEqual([]);
  });

  it('should refuse where the application does not exist', async () => {
    client.applications.length = 0;

    await expect(ensure([{ group: 'admin' }])).rejects.toMatchObject({
      name: 'InputError',
      message: `The authentik application "hoop" on ${client.baseUrl} does not exist, so nothing can be bound to it. Connect the gateway first.`,
    });
    expect(client.writes).toEqual([]);
  });

  it('should plan for an application that an earlier step of a dry run would create', async () => {
    client.applications.length = 0;

    await expect(
      ensure([{ group: 'admin' }], { dryRun: true }),
    ).resolves.toMatchObject({
      applicationId: 'assigned-on-creation',
      changes: [{ from: '(none)' }],
      writes: 0,
    });
  });

  it('should only plan in a dry run', async () => {
    await expect(
      ensure([{ group: 'admin' }], { dryRun: true }),
    ).resolves.toMatchObject({ changes: [{ from: '(none)' }], writes: 0 });
    expect(client.writes).toEqual([]);
    expect(client.bindings).toEqual([]);
  });

  it('should stop between two bindings when it is cancelled, and finish when run again', async () => {
    const controller = new AbortController();
    const reason = new Error('cancelled by the user');
    client.onWrite = () => controller.abort(reason);
    const wanted = [{ group: 'admin' }, { group: 'developers' }];

    await expect(ensure(wanted, { signal: controller.signal })).rejects.toBe(
      reason,
    );
    expect(client.bindings).toHaveLength(1);

    client.onWrite = () => {};
    await expect(ensure(wanted)).resolves.toMatchObject({ writes: 1 });
    expect(client.bindings).toHaveLength(2);
  });

  it('should keep one of two concurrently created bindings', async () => {
    await Promise.all([
      ensure([{ group: 'admin' }]),
      ensure([{ group: 'admin' }]),
    ]);

    expect(client.bindings).toMatchObject([{ group: 'group-admin' }]);
  });

  it('should say who lacks a permission when a binding is refused', async () => {
    client.refused.add('createBinding');

    await expect(ensure([{ group: 'admin' }])).rejects.toThrow(
      'The token of the authentik instance "default" lacks a permission.',
    );
  });
});
