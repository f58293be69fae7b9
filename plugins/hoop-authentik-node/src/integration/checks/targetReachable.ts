import { withValue, type CheckDefinition } from './check';

/** @internal */
export const targetReachable: CheckDefinition = {
  id: 'kubernetes.reachable',
  system: 'kubernetes',
  title: 'Gateway deployment can be read',
  why: 'What the gateway is set to cannot be seen while its cluster does not answer.',
  mend: 'Make the cluster reachable for the backend and grant its account the documented rights.',
  preflight: true,
  run: ({ observed }) =>
    withValue(observed.target, ({ state }) => ({
      status: 'pass',
      actual: state.rollout.line,
    })),
};
