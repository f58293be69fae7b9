import type { PresentedRequest } from 'backstage-plugin-hoop-authentik-node/alpha';
import { requestNamed } from './__testUtils__/requests';
import { refusalOf, templateValues } from './approvedInputs';
import type { StoredRequest } from './store';

const UNTIL = '2099-01-01T00:00:00.000Z';

const stored = (changes: Partial<StoredRequest>): StoredRequest => ({
  ...requestNamed('hoop'),
  id: 'r1',
  state: 'approved',
  createdAt: UNTIL,
  expiresAt: UNTIL,
  decidedBy: 'user:default/boss',
  planDigest: 'plan',
  attempt: 'a1',
  attemptedAt: 0,
  ...changes,
});

const access = stored({ until: UNTIL });
const connect = stored({
  kind: 'connect',
  subject: undefined,
  groups: ['engineering', 'sre'],
});

const shown = (
  action: string,
  inputs: PresentedRequest['inputs'],
  changes: Partial<PresentedRequest> = {},
): PresentedRequest => ({
  request: 'r1.a1',
  taskId: 'task',
  user: 'user:default/boss',
  action,
  gateway: 'main',
  application: 'hoop',
  inputs,
  ...changes,
});

const BINDINGS = [{ group: 'engineering' }, { group: 'sre' }];

describe('refusalOf', () => {
  it.each([
    [access, 'hoop:access:grant', { user: 'dev', until: UNTIL, group: '' }],
    [connect, 'hoop:gateway:preflight', { bindings: BINDINGS }],
    [
      connect,
      'authentik:application:ensure',
      { bindings: BINDINGS, name: '', signingKey: undefined },
    ],
    [connect, 'hoop:gateway:configure', { allowLockout: false }],
    [connect, 'hoop:gateway:restart', { always: false }],
    [connect, 'hoop:gateway:verify', { entityRef: 'resource:default/hoop' }],
  ])('should allow %j to run %s with %j', (request, action, inputs) => {
    expect(refusalOf(request, shown(action, inputs))).toBeUndefined();
  });

  it('should know the approver however the sign-in writes the reference', () => {
    const inputs = { user: 'dev', until: UNTIL };
    const task = shown('hoop:access:grant', inputs, {
      user: 'User:default/Boss',
    });
    expect(refusalOf(access, task)).toBeUndefined();
    expect(refusalOf(access, { ...task, user: undefined })).toContain(
      'another user',
    );
  });

  it.each([
    [access, 'hoop:access:grant', { user: 'root', until: UNTIL }, 'input user'],
    [access, 'hoop:access:grant', { user: 'dev' }, 'input until'],
    [
      access,
      'hoop:access:grant',
      { user: 'dev', until: UNTIL, group: 'admin' },
      'input group',
    ],
    [access, 'authentik:binding:ensure', { user: 'dev' }, 'does not cover'],
    [access, 'constructor', {}, 'does not cover'],
    [connect, 'hoop:gateway:disconnect', {}, 'does not cover'],
    [connect, 'authentik:application:ensure', {}, 'input bindings'],
    [
      connect,
      'authentik:application:ensure',
      { bindings: [...BINDINGS, { group: 'everyone' }] },
      'input bindings',
    ],
    [
      connect,
      'authentik:application:ensure',
      { bindings: BINDINGS, bindingsMode: 'authoritative' },
      'input bindingsMode',
    ],
    [
      connect,
      'hoop:gateway:configure',
      { allowLockout: true },
      'input allowLockout',
    ],
    [
      connect,
      'hoop:gateway:verify',
      { entityRef: 'resource:default/other' },
      'another one',
    ],
  ])('should refuse %j to run %s with %j', (request, action, inputs, why) => {
    expect(refusalOf(request, shown(action, inputs))).toContain(why);
  });

  it.each([
    ['another user', { user: 'user:default/dev' }, 'another user'],
    ['no user', { user: undefined }, 'another user'],
    ['another gateway', { gateway: 'other' }, 'not for "hoop" of "other"'],
    ['another application', { application: 'x' }, 'not for "x" of "main"'],
  ])('should refuse %s', (_, changes, why) => {
    const presented = shown('hoop:gateway:verify', {}, changes);
    expect(refusalOf(connect, presented)).toContain(why);
  });
});

describe('templateValues', () => {
  it('should fill the forms of the templates', () => {
    expect(templateValues(access, 'r1.a1')).toEqual({
      entity: 'resource:default/hoop',
      request: 'r1.a1',
      who: 'user',
      user: 'dev',
      until: UNTIL,
    });
    expect(templateValues(connect, 'r1.a1')).toEqual({
      entity: 'resource:default/hoop',
      request: 'r1.a1',
      access: 'groups',
      bindings: BINDINGS,
    });
  });
});
