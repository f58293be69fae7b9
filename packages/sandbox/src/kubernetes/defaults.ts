import { DecodeError } from './decode';
import { KubeObject } from './types';
import { clone, isRecord, JsonRecord, recordAt } from './values';

function withDefaults(record: JsonRecord, defaults: JsonRecord): void {
  for (const [key, value] of Object.entries(defaults)) {
    record[key] ??= value;
  }
}

function usesMovingTag(image: unknown): boolean {
  const name = String(image ?? '');
  const tag = /:([^/@:]+)$/.exec(name)?.[1];
  return !name.includes('@') && (tag === undefined || tag === 'latest');
}

/** Lists without an item are absent from real objects. */
function dropEmptyLists(container: JsonRecord): void {
  for (const [key, value] of Object.entries(container)) {
    if (Array.isArray(value) && value.length === 0) {
      delete container[key];
    }
  }
}

function defaultContainer(container: JsonRecord): void {
  dropEmptyLists(container);
  withDefaults(container, {
    imagePullPolicy: usesMovingTag(container.image) ? 'Always' : 'IfNotPresent',
    resources: {},
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
  });
  for (const port of Array.isArray(container.ports) ? container.ports : []) {
    if (isRecord(port)) {
      withDefaults(port, { protocol: 'TCP' });
    }
  }
}

function defaultPodSpec(spec: JsonRecord): void {
  withDefaults(spec, {
    restartPolicy: 'Always',
    dnsPolicy: 'ClusterFirst',
    schedulerName: 'default-scheduler',
    securityContext: {},
    terminationGracePeriodSeconds: 30,
  });
  for (const container of Array.isArray(spec.containers)
    ? spec.containers
    : []) {
    if (isRecord(container)) {
      defaultContainer(container);
    }
  }
}

function defaultDeployment(object: KubeObject): void {
  const spec = recordAt(object, 'spec');
  object.spec = spec;
  withDefaults(spec, {
    replicas: 1,
    revisionHistoryLimit: 10,
    progressDeadlineSeconds: 600,
    strategy: {},
    template: {},
  });
  const strategy = recordAt(spec, 'strategy');
  withDefaults(strategy, { type: 'RollingUpdate' });
  if (strategy.type === 'RollingUpdate') {
    withDefaults(strategy, { rollingUpdate: {} });
    withDefaults(recordAt(strategy, 'rollingUpdate'), {
      maxSurge: '25%',
      maxUnavailable: '25%',
    });
  }
  const template = recordAt(spec, 'template');
  withDefaults(template, { metadata: {}, spec: {} });
  defaultPodSpec(recordAt(template, 'spec'));
}

function mergeStringData(object: KubeObject): void {
  const { stringData, ...rest } = object;
  if (isRecord(stringData)) {
    const data = { ...recordAt(rest, 'data') };
    for (const [key, value] of Object.entries(stringData)) {
      data[key] = Buffer.from(String(value), 'utf8').toString('base64');
    }
    delete object.stringData;
    object.data = data;
  }
}

function requireBase64(object: KubeObject): void {
  for (const value of Object.values(recordAt(object, 'data'))) {
    const text = String(value).replace(/[\r\n]/g, '');
    const isWhole =
      text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text);
    if (!isWhole) {
      const at = text.search(/[^A-Za-z0-9+/]/);
      throw new DecodeError(
        `illegal base64 data at input byte ${at < 0 ? text.length : at}`,
      );
    }
  }
}

/** Fills in what the API server fills in; decoding rules of Secrets included. @internal */
export function applyDefaults(object: KubeObject): KubeObject {
  const result = clone(object);
  switch (result.kind) {
    case 'Deployment':
      defaultDeployment(result);
      break;
    case 'Secret':
      requireBase64(result);
      mergeStringData(result);
      result.type ??= 'Opaque';
      break;
    case 'Pod':
      result.spec = recordAt(result, 'spec');
      defaultPodSpec(recordAt(result, 'spec'));
      withDefaults(recordAt(result, 'spec'), { enableServiceLinks: true });
      break;
    case 'Event':
      result.eventTime ??= null;
      break;
    case 'Namespace':
      result.metadata.labels = {
        ...result.metadata.labels,
        'kubernetes.io/metadata.name': result.metadata.name,
      };
      result.spec ??= { finalizers: ['kubernetes'] };
      result.status ??= { phase: 'Active' };
      break;
    default:
  }
  return result;
}
