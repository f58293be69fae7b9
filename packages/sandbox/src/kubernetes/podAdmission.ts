import { randomBytes } from 'node:crypto';
import { KubeObject } from './types';
import { isRecord, JsonRecord, recordAt } from './values';

const tokenPath = '/var/run/secrets/kubernetes.io/serviceaccount';

function tokenVolume(name: string): JsonRecord {
  return {
    name,
    projected: {
      sources: [
        { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
        {
          configMap: {
            name: 'kube-root-ca.crt',
            items: [{ key: 'ca.crt', path: 'ca.crt' }],
          },
        },
        {
          downwardAPI: {
            items: [
              {
                path: 'namespace',
                fieldRef: {
                  apiVersion: 'v1',
                  fieldPath: 'metadata.namespace',
                },
              },
            ],
          },
        },
      ],
      defaultMode: 420,
    },
  };
}

function tolerationOf(condition: string): JsonRecord {
  return {
    key: `node.kubernetes.io/${condition}`,
    operator: 'Exists',
    effect: 'NoExecute',
    tolerationSeconds: 300,
  };
}

function listAt(record: JsonRecord, key: string): unknown[] {
  const list = record[key];
  return Array.isArray(list) ? list : [];
}

/** What the admission plugins of an ordinary cluster add to every new pod. @internal */
export function admitPod(pod: KubeObject): void {
  const spec = recordAt(pod, 'spec');
  const volume = `kube-api-access-${randomBytes(4)
    .toString('hex')
    .slice(0, 5)}`;
  for (const container of listAt(spec, 'containers').filter(isRecord)) {
    container.volumeMounts = [
      ...listAt(container, 'volumeMounts'),
      { name: volume, readOnly: true, mountPath: tokenPath },
    ];
  }
  const account = spec.serviceAccountName ?? 'default';
  Object.assign(spec, {
    volumes: [...listAt(spec, 'volumes'), tokenVolume(volume)],
    serviceAccountName: account,
    serviceAccount: account,
    tolerations: [
      ...listAt(spec, 'tolerations'),
      tolerationOf('not-ready'),
      tolerationOf('unreachable'),
    ],
    priority: spec.priority ?? 0,
    preemptionPolicy: spec.preemptionPolicy ?? 'PreemptLowerPriority',
  });
}
