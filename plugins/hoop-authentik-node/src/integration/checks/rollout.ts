import { withValue, type CheckDefinition } from './check';

/** @internal */
export const rollout: CheckDefinition = {
  id: 'kubernetes.rollout',
  system: 'kubernetes',
  title: 'Rollout is complete and containers run',
  why: 'A gateway whose containers do not come up signs nobody in.',
  mend: 'Follow what the finding says of the container; the previous settings come back when a switch fails.',
  preflight: false,
  run: ({ observed }) =>
    withValue(observed.target, ({ state: { rollout: found } }) =>
      found.done && found.problems.length === 0
        ? { status: 'pass', actual: found.line }
        : {
            status: 'fail',
            expected: 'every replica is updated and available',
            actual: [found.line, ...found.problems].join('; '),
            remedy: found.done
              ? 'Read the log of the container; the message above is its last one.'
              : 'Wait for the rollout; when it does not move, describe the Deployment and its newest pod.',
          },
    ),
};
