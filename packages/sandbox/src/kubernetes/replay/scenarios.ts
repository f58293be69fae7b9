import type { JsonObject } from '../../json';
import { isJsonObject } from '../../json';
import type { Gate } from '../admission';
import type { ClusterFault } from '../clusterFaults';
import type { ClusterReplay, Scenario, Step } from './clusterReplay';

const CORE = '/api/v1/namespaces/hoop';
const OURS = 'fieldManager=backstage-hoop-authentik';

/** @internal */
export function configMap(
  name: string,
  data: Record<string, string>,
  other: JsonObject = {},
): JsonObject {
  const { metadata, ...rest } = other;
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, ...(isJsonObject(metadata) ? metadata : {}) },
    data,
    ...rest,
  };
}

function secret(name: string, data: Record<string, string>): JsonObject {
  return { ...configMap(name, data), kind: 'Secret', type: 'Opaque' };
}

/** @internal */
export function gateway(
  name: string,
  spec: JsonObject = {},
  container: JsonObject = {},
): JsonObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, labels: { app: name } },
    spec: {
      replicas: 1,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: {
          terminationGracePeriodSeconds: 5,
          containers: [
            {
              name: 'hoopgateway',
              image: 'hoophq/hoop:1.148.0',
              envFrom: [
                { configMapRef: { name: 'hoopgateway', optional: true } },
              ],
              terminationMessagePolicy: 'FallbackToLogsOnError',
              ...container,
            },
          ],
        },
      },
      ...spec,
    },
  };
}

const make = (replay: ClusterReplay, object: JsonObject, query = '') =>
  replay.call(
    'POST',
    `${CORE}/${object.kind === 'Secret' ? 'secrets' : 'configmaps'}?${query}`,
    object,
  );

const edit = (replay: ClusterReplay, name: string, body: JsonObject) =>
  replay.call(
    'PATCH',
    `${CORE}/configmaps/${name}`,
    body,
    'application/merge-patch+json',
  );

const versionOf = ({ metadata }: JsonObject): string =>
  isJsonObject(metadata) ? String(metadata.resourceVersion) : '';

const large = (bytes: number) => 'x'.repeat(bytes);

const gates =
  (...added: ClusterFault[]): Step =>
  replay => {
    replay.kubernetes.faults.clear();
    added.forEach(fault => replay.kubernetes.faults.add(fault));
  };

const webhook = (
  name: string,
  does: Gate['does'],
  other: Partial<Gate> = {},
): Step =>
  gates({ kind: 'webhook', name: `${name}.example.com`, does, ...other });

const policy = (name: string, other: Partial<Gate> = {}): Step =>
  gates({ kind: 'policy', name, does: 'deny', ...other });

const REFUSALS: Scenario = {
  messages: true,
  start: async replay => {
    replay.makeNamespace('hoop-quota');
    replay.makeNamespace('hoop-going');
    const inQuota = '/api/v1/namespaces/hoop-quota/configmaps';
    await replay.call('POST', inQuota, configMap('q0', {}));
    await replay.call(
      'POST',
      '/api/v1/namespaces/hoop-going/configmaps',
      configMap(
        'held',
        { A: '1' },
        { metadata: { finalizers: ['example.com/hold'] } },
      ),
    );
    await make(replay, configMap('w1', { A: '1' }));
    await make(replay, secret('w1', { A: 'MQ==' }));
    await replay.deploy(gateway('hoopgateway'));
    replay.kubernetes.faults.add({
      kind: 'quota',
      name: 'few',
      namespace: 'hoop-quota',
      hard: { configmaps: 2, secrets: 0 },
    });
  },
  before: {
    'webhook out of reach, failurePolicy Fail: create': webhook(
      'out-of-reach',
      'out-of-reach',
    ),
    'webhook out of reach, failurePolicy Ignore: patch': gates(),
    'webhook denies: patch': webhook('answers-denied', 'deny'),
    'webhook denies with code 403 (controller-runtime): patch': webhook(
      'answers-denied403',
      'deny',
      { code: 403 },
    ),
    'webhook denies with code 422: patch': webhook(
      'answers-denied422',
      'deny',
      {
        code: 422,
        message: 'the value is not signed',
      },
    ),
    'webhook denies with code 429: patch': webhook(
      'answers-denied429',
      'deny',
      {
        code: 429,
        message: 'too many changes',
      },
    ),
    'webhook answers 500: patch': webhook('answers-error', 'answer-500'),
    'webhook is too slow: patch': webhook('answers-slow', 'hang'),
    'webhook warns: patch': webhook('answers-warn', 'warn', {
      message: 'this ConfigMap is watched by the platform team',
    }),
    'webhook whose certificate is not trusted: patch': webhook(
      'untrusted',
      'present-untrusted-certificate',
    ),
    'admission policy denies: patch': policy('plain'),
    'admission policy denies with reason Forbidden: patch': policy('reason', {
      code: 403,
      message: 'not in working hours',
    }),
    'admission policy warns: patch': policy('warn', { does: 'warn' }),
    'a namespace is deleted': gates(),
  },
};

/** @internal */
export const SCENARIOS: Record<string, Scenario> = {
  read: {
    start: async replay => {
      for (const [name, part] of Object.entries({
        r1: 'a',
        r2: 'b',
        r3: 'c',
      })) {
        await make(
          replay,
          configMap(
            name,
            { KEY: name },
            { metadata: { labels: { group: 'read', part } } },
          ),
        );
      }
      await make(replay, secret('s1', { KEY: 'dmFsdWU=' }));
      replay.runtime.onStart = container => {
        for (const message of [
          'starting gateway, version=1.148.0',
          'gateway ready, auth=local',
        ]) {
          container.print(
            JSON.stringify({
              timestamp: '2026-11-28T01:35:00.363Z',
              level: 'info',
              message,
            }),
          );
        }
        container.ready();
      };
      await replay.deploy(gateway('hoopgateway'));
    },
  },
  access: {
    start: async replay => {
      await make(replay, configMap('hoopgateway-idp', {}));
      await replay.deploy(gateway('hoopgateway'));
    },
  },
  create: {
    bodies: {
      'data of 1 MiB': configMap('big', { A: large(1_048_575) }),
      'data of more than 1 MiB': configMap('bigger', { A: large(1_048_577) }),
      'a body of more than 3 MiB': configMap('bigger', { A: large(3_670_016) }),
      'an annotation of more than 256 KiB': configMap(
        'bigger',
        {},
        { metadata: { annotations: { A: large(262_144) } } },
      ),
    },
  },
  patch: {
    // The controllers are at work between two patches.
    ignored: ['status'],
    start: async replay => {
      const made = await make(
        replay,
        configMap('p1', { A: '1', B: '2', C: '3' }),
        OURS,
      );
      replay.names.set('614', versionOf(made));
      await make(replay, secret('p1', { KEY: 'dmFsdWU=' }), OURS);
      await make(replay, configMap('imm', { A: '1' }, { immutable: true }));
      const env = [
        { name: 'A', value: '1' },
        { name: 'Z', value: '26' },
      ];
      await replay.deploy(gateway('dep', { replicas: 0 }, { env }), OURS);
    },
    before: {
      // A JSON patch, which is not simulated, had set these.
      'merge: an unknown field (default: warn)': replay =>
        edit(replay, `p1?${OURS}`, { data: { A: 'json', MISSING: 'x' } }),
    },
    bodies: {
      'merge: more than 1 MiB': { data: { A: large(1_048_577) } },
    },
  },
  delete: {
    start: async replay => {
      const made = await make(replay, configMap('d1', { A: '1' }));
      replay.names.set('568', versionOf(made));
      await edit(replay, 'd1', { data: { A: '2' } });
      await make(
        replay,
        configMap(
          'd2',
          { A: '1' },
          { metadata: { finalizers: ['example.com/hold'] } },
        ),
      );
    },
    before: {
      // It went with its newest version before the recorded request, which therefore found nothing.
      'the newest resource version': replay =>
        replay.call('DELETE', `${CORE}/configmaps/d1`),
    },
  },
  watch: {
    start: async replay => {
      const made = await make(replay, configMap('w1', { A: '1' }));
      replay.names.set('9034', versionOf(made));
      await edit(replay, 'w1', { data: { A: '2' } });
      await edit(replay, 'w1', { data: { A: '3' } });
      await replay.call('DELETE', `${CORE}/configmaps/w1`);
    },
    before: {
      'without a version: synthetic ADDED first': async replay => {
        const made = await make(replay, configMap('w1', { A: 'again' }));
        replay.names.set('9038', versionOf(made));
      },
    },
  },
  expired: {
    start: async replay => {
      for (const name of ['e1', 'e2', 'e3']) {
        const labels = { group: 'expired' };
        await make(
          replay,
          configMap(name, { A: '1' }, { metadata: { labels } }),
        );
        const made = await edit(replay, name, { data: { A: '2' } });
        if (name === 'e1') replay.names.set('8163', versionOf(made));
      }
    },
    before: {
      'the next page, after the compaction': async replay => {
        await make(replay, configMap('other', {}));
        replay.kubernetes.compact();
      },
    },
  },
  busy: {
    start: replay => make(replay, configMap('hoopgateway-idp', { A: '1' })),
    before: {
      'priority and fairness: no seat is free: get': replay =>
        replay.kubernetes.faults.add({ kind: 'busy', times: 4 }),
    },
    messages: true,
  },
  restart: {
    start: replay => make(replay, configMap('hoopgateway-idp', { A: '1' })),
    before: {
      'readyz: 403, 3854 ms after the API server was told to end (11)':
        replay => replay.kubernetes.faults.add({ kind: 'starting', times: 5 }),
    },
    messages: true,
  },
  refusals: REFUSALS,
};
