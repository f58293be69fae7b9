import type { JsonObject } from '../../json';
import type { RolloutCase } from './rolloutCase';

type Step = (rollout: RolloutCase) => Promise<unknown> | unknown;

/** What was done besides the change. */
interface Rollout {
  prepare?: { container: JsonObject };
  /** Before the change. */
  start?: Step;
  /** After it, while the watches ran. */
  during?: Step;
  /** Before a read at the end, by the end of its title. */
  before?: Record<string, Step>;
}

const crashing: Step = ({ replay }) => {
  replay.runtime.onStart = container => {
    container.print('scripted: container started');
    // Longer than the controllers take to see it run.
    setTimeout(() => container.exit({ code: 1 }), 300);
  };
};

const holding: Step = ({ replay }) => {
  replay.holdsContainers = true;
};

const probed = { readinessProbe: { exec: { command: ['true'] } } };

/** @internal */
export const ROLLOUTS: Record<string, Rollout> = {
  'scaled from 1 to 3 while it rolls out': {
    during: async rollout => {
      await rollout.until(() => rollout.progressing() === 'ReplicaSetUpdated');
      await rollout.patch({ spec: { replicas: 3 } });
    },
  },
  'crash loop': { start: crashing },
  'crash loop, Recreate': { start: crashing },
  'image cannot be pulled': {
    start: ({ replay }) => replay.kubernetes.failRollouts('image-pull', 1),
  },
  'never ready, progressDeadlineSeconds 5': {
    prepare: { container: probed },
    start: ({ replay }) => {
      replay.runtime.onStart = () => {};
    },
    before: {
      'the next change, first answer': ({ replay }) => {
        replay.holdsContainers = true;
        replay.runtime.onStart = container => container.ready();
      },
      'the next change, once it was observed': rollout =>
        rollout.replay.until(rollout.path, ({ status }) =>
          JSON.stringify(status).includes('ReplicaSetUpdated'),
        ),
      'the next change, rolled out': rollout => {
        rollout.replay.holdsContainers = false;
        return rollout.replay.until(rollout.path, ({ status }) =>
          JSON.stringify(status).includes('NewReplicaSetAvailable'),
        );
      },
    },
  },
  'not schedulable': {
    start: ({ replay }) => replay.kubernetes.failRollouts('unschedulable', 1),
  },
  'quota of pods is used up': {
    start: ({ replay }) =>
      replay.kubernetes.faults.add({
        kind: 'quota',
        name: 'few-pods',
        namespace: 'hoop',
        hard: { pods: 1 },
      }),
  },
  'creation of pods is refused by a webhook out of reach': {
    start: ({ replay }) =>
      replay.kubernetes.faults.add({
        kind: 'webhook',
        name: 'out-of-reach.example.com',
        does: 'out-of-reach',
        resources: ['pods'],
        operations: ['CREATE'],
      }),
  },
  'paused before the change': {
    start: async rollout => {
      await rollout.patch({ spec: { paused: true } });
      await rollout.replay.until(rollout.path, ({ status }) =>
        JSON.stringify(status).includes('DeploymentPaused'),
      );
    },
  },
  'paused while it rolls out': {
    start: holding,
    during: async rollout => {
      await rollout.until(() => rollout.progressing() === 'ReplicaSetUpdated');
      await rollout.patch({ spec: { paused: true } });
    },
  },
  'deleted while it rolls out': {
    start: holding,
    during: async rollout => {
      await rollout.until(() => rollout.progressing() === 'ReplicaSetUpdated');
      await rollout.replay.call('DELETE', rollout.path);
    },
  },
  'a failed rollout that is undone': {
    start: crashing,
    during: async rollout => {
      const crashed = () =>
        JSON.stringify(rollout.events('pods')).includes('CrashLoopBackOff');
      await rollout.until(crashed);
      rollout.replay.runtime.onStart = container => container.ready();
      await rollout.patch({
        spec: { template: { metadata: { annotations: null } } },
      });
    },
  },
};
