import { isRecord, JsonRecord } from './values';

/** The members of an object or of the items of a list; `undefined` where what is below is not looked into. */
type Fields = { [name: string]: Fields | undefined };

function fields(names: string, nested: Fields = {}): Fields {
  return {
    ...Object.fromEntries(names.split(' ').map(name => [name, undefined])),
    ...nested,
  };
}

const metadata = fields(
  'name generateName namespace selfLink uid resourceVersion generation creationTimestamp deletionTimestamp deletionGracePeriodSeconds labels annotations finalizers managedFields',
  {
    ownerReferences: fields(
      'apiVersion kind name uid controller blockOwnerDeletion',
    ),
  },
);

const keyReference = fields('name key optional');

const container = fields(
  'name image command args workingDir resources resizePolicy restartPolicy restartPolicyRules volumeDevices livenessProbe readinessProbe startupProbe lifecycle terminationMessagePath terminationMessagePolicy imagePullPolicy securityContext stdin stdinOnce tty',
  {
    env: fields('name value', {
      valueFrom: fields('resourceFieldRef fileKeyRef', {
        configMapKeyRef: keyReference,
        secretKeyRef: keyReference,
        fieldRef: fields('apiVersion fieldPath'),
      }),
    }),
    envFrom: fields('prefix', {
      configMapRef: fields('name optional'),
      secretRef: fields('name optional'),
    }),
    ports: fields('name hostPort containerPort protocol hostIP'),
    volumeMounts: fields(
      'name readOnly recursiveReadOnly mountPath subPath mountPropagation subPathExpr',
    ),
  },
);

const podSpec = fields(
  'volumes ephemeralContainers restartPolicy terminationGracePeriodSeconds activeDeadlineSeconds dnsPolicy nodeSelector serviceAccountName serviceAccount automountServiceAccountToken nodeName hostNetwork hostPID hostIPC shareProcessNamespace securityContext imagePullSecrets hostname subdomain affinity schedulerName tolerations hostAliases priorityClassName priority dnsConfig readinessGates runtimeClassName enableServiceLinks preemptionPolicy overhead topologySpreadConstraints setHostnameAsFQDN os hostUsers schedulingGates resourceClaims resources hostnameOverride workloadRef',
  { containers: container, initContainers: container },
);

const template: Fields = { metadata, spec: podSpec };
const selector = fields('matchLabels', {
  matchExpressions: fields('key operator values'),
});
const object = fields('apiVersion kind', { metadata });

const byKind: Record<string, Fields> = {
  ConfigMap: { ...object, ...fields('data binaryData immutable') },
  Secret: { ...object, ...fields('data stringData type immutable') },
  Deployment: {
    ...object,
    status: undefined,
    spec: fields(
      'replicas minReadySeconds revisionHistoryLimit paused progressDeadlineSeconds',
      {
        selector,
        template,
        strategy: fields('type', {
          rollingUpdate: fields('maxUnavailable maxSurge'),
        }),
      },
    ),
  },
  ReplicaSet: {
    ...object,
    status: undefined,
    spec: fields('replicas minReadySeconds', { selector, template }),
  },
  Pod: { ...object, status: undefined, spec: podSpec },
};

function prune(
  value: unknown,
  known: Fields | undefined,
  path: string,
  unknown: string[],
): unknown {
  if (!known) {
    return value;
  }
  if (Array.isArray(value)) {
    return value.map((item, index) =>
      prune(item, known, `${path}[${index}]`, unknown),
    );
  }
  if (!isRecord(value)) {
    return value;
  }
  const result: JsonRecord = {};
  for (const [key, member] of Object.entries(value)) {
    const at = path ? `${path}.${key}` : key;
    if (Object.hasOwn(known, key)) {
      result[key] = prune(member, known[key], at, unknown);
    } else {
      unknown.push(at);
    }
  }
  return result;
}

/** The object without the fields that its kind does not have, and the paths of those. @internal */
export function knownFieldsOf(
  kind: string,
  body: JsonRecord,
): { object: JsonRecord; unknown: string[] } {
  const unknown: string[] = [];
  const pruned = prune(body, byKind[kind], '', unknown);
  return { object: pruned as JsonRecord, unknown };
}
