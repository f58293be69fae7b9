import type { Gateway } from 'backstage-plugin-hoop-authentik-node';
import type { ApplicationUse } from './applicationUse';
import { followUp, refuseShared, sharedWarning } from './sharedSecret';

function use(
  name: string,
  { known = true, file = '' }: { known?: boolean; file?: string } = {},
): ApplicationUse {
  return {
    gateway: {
      config: { name },
      systems: {
        target: {
          description: file,
          refusal: file && `Its settings are kept in ${file}.`,
        },
      },
    } as Gateway,
    known,
    finding: known
      ? `the gateway "${name}" signs people in with the application "hoop"`
      : `whether the gateway "${name}" uses the application "hoop" could not be told: it is down`,
  };
}

describe('refuseShared', () => {
  it('should let a secret be rotated that nobody else has', () => {
    expect(() => refuseShared([])).not.toThrow();
  });

  it('should name the gateways, what would happen and what to do', () => {
    expect(() => refuseShared([use('a'), use('b')])).toThrow(
      expect.objectContaining({
        name: 'InputError',
        message:
          'The client secret was not rotated: the gateway "a" signs people in with the application "hoop"; ' +
          'the gateway "b" signs people in with the application "hoop". ' +
          'With a new secret in authentik nobody could sign in at such a gateway until it is given the secret too. ' +
          'Give each gateway an application of its own, or set allowShared. ' +
          'Then, right after the rotation: run hoop:gateway:configure for "a" and "b".',
      }),
    );
  });

  it('should refuse as well where a gateway cannot be asked, and say to ask again', () => {
    expect(() => refuseShared([use('a'), use('b', { known: false })])).toThrow(
      expect.objectContaining({
        name: 'InputError',
        message: expect.stringMatching(
          /the gateway "a" signs people in .*; whether the gateway "b" uses the application "hoop" could not be told: it is down\. .* run the task again once all of them can be asked, or set allowShared\. /,
        ),
      }),
    );
  });
});

describe('followUp', () => {
  it('should not name an action that refuses the gateway', () => {
    const uses = [
      use('a'),
      use('b', { file: 'a Helm values file' }),
      use('c', { known: false }),
    ];
    expect(followUp(uses)).toBe(
      'run hoop:gateway:configure for "a" and "c"; put the secret where "b" reads it (a Helm values file) and restart it',
    );
    expect(followUp([uses[1]])).toBe(
      'put the secret where "b" reads it (a Helm values file) and restart it',
    );
  });
});

describe('sharedWarning', () => {
  it('should name every gateway', () => {
    expect(sharedWarning([use('a'), use('b', { known: false })])).toMatch(
      /nobody can sign in at them until they have it: the gateway "a" .*; whether the gateway "b" /,
    );
  });
});
