import { AuthentikPermissionError } from '../../authentik';
import { withValue, type CheckDefinition } from './check';

/** @internal */
export const authentikReachable: CheckDefinition = {
  id: 'authentik.reachable',
  system: 'authentik',
  title: 'authentik answers and accepts the token',
  preflight: true,
  run: ({ observed }) =>
    withValue(observed.authentik.version, version => {
      const { application } = observed.authentik;
      // The version is remembered, so that it alone does not show that authentik answers now.
      return application.ok ||
        application.error instanceof AuthentikPermissionError
        ? { status: 'pass', actual: `version ${version}` }
        : withValue(application, () => ({ status: 'pass' }));
    }),
};
