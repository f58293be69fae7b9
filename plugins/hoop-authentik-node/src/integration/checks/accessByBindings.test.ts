import type { AuthentikBinding } from '../../systems/authentik/types';
import { accessByBindings } from './accessByBindings';

const binding = (fields: Partial<AuthentikBinding>): AuthentikBinding => ({
  pk: 'b',
  target: 't',
  policy: undefined,
  group: undefined,
  user: undefined,
  order: 0,
  enabled: true,
  negate: false,
  timeout: 30,
  failureResult: false,
  ...fields,
});
const group = (name: string, fields: Partial<AuthentikBinding> = {}) =>
  binding({ group: `id-of-${name}`, groupName: name, ...fields });
const user = (pk: number, fields: Partial<AuthentikBinding> = {}) =>
  binding({ user: pk, ...fields });
const policy = binding({ policy: 'p' });

describe('accessByBindings', () => {
  const jane = { pk: 7, groups: ['admin'] };

  it.each([
    ['no binding', [], 'yes', 'yes'],
    ['only disabled ones', [group('x', { enabled: false })], 'yes', 'yes'],
    ['her group', [group('admin')], 'yes', 'yes'],
    ['her group, negated', [group('admin', { negate: true })], 'no', 'no'],
    // She may be in it by way of another group.
    ['a group not known of her', [group('x')], 'unknown', 'unknown'],
    ['one without a name', [binding({ group: 'g' })], 'unknown', 'unknown'],
    ['herself', [user(7)], 'yes', 'yes'],
    ['somebody else', [user(8)], 'no', 'no'],
    ['somebody else, negated', [user(8, { negate: true })], 'yes', 'yes'],
    ['a policy', [policy], 'unknown', 'unknown'],
    ['her group and a policy', [group('admin'), policy], 'yes', 'unknown'],
    ['her group and somebody', [group('admin'), user(8)], 'yes', 'no'],
    ['somebody and a policy', [user(8), policy], 'unknown', 'no'],
  ])('should tell of %s', (_, bindings, any, all) => {
    expect([
      accessByBindings(bindings, { policyEngineMode: 'any' }, jane),
      accessByBindings(bindings, { policyEngineMode: 'all' }, jane),
    ]).toEqual([any, all]);
  });
});
