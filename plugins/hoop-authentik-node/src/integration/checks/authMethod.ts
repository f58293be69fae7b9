import { withValue, type CheckDefinition } from './check';

/** `idp` is what the gateway calls `oidc` for older clients. */
const OIDC_METHODS = ['oidc', 'idp'];

/** @internal */
export const authMethod: CheckDefinition = {
  id: 'gateway.auth-method',
  system: 'gateway',
  title: 'Gateway signs people in with OpenID Connect',
  why: 'A gateway that is set to another method never sends anybody to authentik.',
  mend: 'Connect the gateway with the software template, which sets AUTH_METHOD and restarts it.',
  preflight: false,
  run: ({ observed }) =>
    withValue(observed.gateway.info, info =>
      OIDC_METHODS.includes(info.authMethod)
        ? { status: 'pass', actual: info.authMethod }
        : {
            status: 'fail',
            expected: 'oidc',
            actual: info.authMethod,
            remedy:
              'Run the software template. If the settings are as required already, restart the gateway; if that does not help, a configuration stored in the gateway itself overrides its environment.',
          },
    ),
};
