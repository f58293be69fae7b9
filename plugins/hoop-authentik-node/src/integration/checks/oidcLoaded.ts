import { skipped, withValue, type CheckDefinition } from './check';
import { authMethod } from './authMethod';

/** @internal */
export const oidcLoaded: CheckDefinition = {
  id: 'gateway.oidc-loaded',
  system: 'gateway',
  title: 'Gateway has loaded authentik',
  why: 'A gateway that is set to OpenID Connect but has not loaded authentik lets nobody in.',
  mend: 'Look at the log of the gateway: it names what it could not load.',
  preflight: false,
  run: input =>
    withValue(input.observed.gateway.oidcLoaded, loaded => {
      if (loaded) {
        return { status: 'pass' };
      }
      return authMethod.run(input).status === 'pass'
        ? {
            status: 'fail',
            expected: 'the gateway handles sign-ins through authentik',
            actual: 'it cannot load authentik as identity provider',
            remedy:
              'Check that the gateway itself can reach authentik, and read its log.',
          }
        : skipped('the gateway does not use OpenID Connect');
    }),
};
