import { AuthentikPermissionError } from '../../systems/authentik';
import { withValue, type CheckDefinition, type Finding } from './check';

/** @internal */
export const authentikReachable: CheckDefinition = {
  id: 'authentik.reachable',
  system: 'authentik',
  title: 'authentik answers and accepts the token',
  why: 'Nothing about authentik can be said while it does not answer or refuses the token.',
  mend: 'Make authentik reachable for the backend at the baseUrl in app-config, and give a valid API token.',
  preflight: true,
  run: ({ observed: { authentik } }) => {
    const { application, version } = authentik;
    const finding: Finding = {
      status: 'pass',
      ...(version ? { actual: `version ${version}` } : {}),
    };
    // What may not be seen was answered all the same.
    return !application.ok &&
      application.error instanceof AuthentikPermissionError
      ? finding
      : withValue(application, () => finding);
  },
};
