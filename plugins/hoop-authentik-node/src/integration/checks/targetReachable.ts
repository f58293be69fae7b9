import { withValue, type CheckDefinition } from './check';

/** @internal */
export const targetReachable: CheckDefinition = {
  id: 'kubernetes.reachable',
  system: 'kubernetes',
  title: 'Gateway deployment can be read',
  preflight: true,
  run: ({ observed }) =>
    withValue(observed.target, ({ state }) => ({
      status: 'pass',
      actual: state.rollout.line,
    })),
};
