import { AuthentikPermissionError } from '../../authentik';
import { withValue, type CheckDefinition } from './check';

/** @internal */
export const authentikReachable: CheckDefinition = {
  id: 'authentik.reachable',
  system: 'authentik',
  title: 'authentik answers and accepts the token',
  why: 'Nothing about authentik can be said while it does not answer or refuses the token.',
  mend: 'Make authentik reachable for the backend at the baseUrl in app-config, and give a valid API token.',
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
