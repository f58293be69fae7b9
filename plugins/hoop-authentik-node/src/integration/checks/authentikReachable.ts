import { withValue, type CheckDefinition } from './check';

/** @internal */
export const authentikReachable: CheckDefinition = {
  id: 'authentik.reachable',
  system: 'authentik',
  title: 'authentik answers and accepts the token',
  preflight: true,
  run: ({ observed }) =>
    withValue(observed.authentik.version, version => ({
      status: 'pass',
      actual: `version ${version}`,
    })),
};
