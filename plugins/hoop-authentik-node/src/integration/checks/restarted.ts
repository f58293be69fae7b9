import { skipped, withValue, type CheckDefinition } from './check';

/** @internal */
export const restarted: CheckDefinition = {
  id: 'kubernetes.restarted',
  system: 'kubernetes',
  title: 'Gateway runs with the settings as stored',
  why: 'A gateway reads its settings when it starts and not again.',
  mend: 'Restart the gateway with the action hoop:gateway:restart.',
  preflight: false,
  run: ({ observed }) =>
    withValue(observed.target, ({ state: { settingsInUse } }) => {
      if (settingsInUse === undefined) {
        return skipped('no container runs');
      }
      return settingsInUse
        ? { status: 'pass' }
        : {
            status: 'fail',
            expected: 'the gateway started after its settings last changed',
            actual: 'it started before',
            remedy:
              'Restart the gateway: a container keeps the environment it started with.',
          };
    }),
};
