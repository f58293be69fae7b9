import { skipped, withValue, type CheckDefinition } from './check';

/** @internal */
export const declaredBindings: CheckDefinition = {
  id: 'authentik.declaredBindings',
  system: 'authentik',
  title: 'Groups named in app-config may sign in',
  why: 'Groups that app-config names under allowedGroups are promised access; without their binding their members may be refused.',
  mend: 'Run the software template with these groups, or take them out of allowedGroups.',
  preflight: true,
  run: ({ desired, observed }) =>
    withValue(observed.authentik.application, application => {
      const wanted = desired.allowedGroups ?? [];
      if (wanted.length === 0) {
        return skipped('app-config names no groups');
      }
      if (!application) {
        return skipped('there is no application yet');
      }
      return withValue(observed.authentik.bindings, found => {
        const bound = found
          .filter(({ enabled, negate }) => enabled && !negate)
          .flatMap(({ groupName }) => groupName ?? []);
        const missing = wanted.filter(group => !bound.includes(group));
        const link = desired.application.adminUrl;
        const enabled = found.filter(one => one.enabled).length;
        if (
          missing.length === 0 &&
          application.policyEngineMode === 'all' &&
          enabled > 1
        ) {
          return {
            status: 'warn',
            expected:
              'bindings of which one has to pass (policy engine mode "any")',
            actual: `${enabled} bindings which all have to pass (mode "all"): a member of one group alone is refused`,
            remedy:
              'Set the policy engine mode of the application to "any", or mean it: then name in allowedGroups the one group that is enough.',
            link,
          };
        }
        return missing.length === 0
          ? { status: 'pass', actual: wanted.join(', '), link }
          : {
              status: 'fail',
              expected: `bindings of ${wanted.join(', ')}`,
              actual: `none of ${missing.join(', ')}`,
              remedy:
                'Run the software template again with these groups, or take them out of allowedGroups in app-config.',
              link,
            };
      });
    }),
};
