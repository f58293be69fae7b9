import { skipped, withValue, type CheckDefinition } from './check';

/** @internal */
export const bindings: CheckDefinition = {
  id: 'authentik.bindings',
  system: 'authentik',
  title: 'Access is bound to a policy, group or user',
  why: 'Without a binding everyone with an account in authentik may sign in to the gateway.',
  mend: 'Bind a group with the software template.',
  preflight: false,
  run: ({ desired, observed }) =>
    withValue(observed.authentik.application, application =>
      application
        ? withValue(observed.authentik.bindings, found => {
            const enabled = found.filter(binding => binding.enabled).length;
            const link = desired.application.adminUrl;
            return enabled > 0
              ? { status: 'pass', actual: `${enabled} enabled`, link }
              : {
                  status: 'warn',
                  expected: 'at least one enabled binding',
                  actual: found.length > 0 ? 'only disabled ones' : 'none',
                  remedy:
                    'Everyone with an account in authentik may sign in. Bind a group with the software template.',
                  link,
                };
          })
        : skipped('there is no application yet'),
    ),
};
