import { z } from 'zod';
import type { KubernetesKind, KubernetesKinds } from '../types';

/** A member that the server may omit or answer as null: both become `undefined`. */
function optional<S extends z.ZodType>(schema: S) {
  return schema.nullish().transform(value => value ?? undefined);
}

const text = optional(z.string());
const whole = optional(z.number().int());
const flag = optional(z.boolean());
const texts = optional(z.record(z.string(), z.string()));
const list = <S extends z.ZodType>(item: S) => optional(z.array(item));

/** Members that we do not use stay, since an object that is read may be restored later. */
const object = z.looseObject;

const meta = {
  name: z.string().min(1),
  namespace: text,
  uid: text,
  resourceVersion: text,
  generation: whole,
  creationTimestamp: text,
  deletionTimestamp: text,
  labels: texts,
  annotations: texts,
  ownerReferences: list(
    object({ kind: z.string(), name: z.string(), uid: z.string() }),
  ),
  managedFields: list(
    object({ manager: text, operation: text, time: text, subresource: text }),
  ),
};

const keyRef = optional(
  object({ name: z.string(), key: z.string(), optional: flag }),
);
const objectRef = optional(object({ name: z.string(), optional: flag }));

const container = object({
  name: z.string(),
  image: text,
  env: list(
    object({
      name: z.string(),
      value: text,
      valueFrom: optional(
        object({
          configMapKeyRef: keyRef,
          secretKeyRef: keyRef,
          fieldRef: optional(object({ fieldPath: z.string() })),
          resourceFieldRef: optional(object({ resource: z.string() })),
        }),
      ),
    }),
  ),
  envFrom: list(
    object({ prefix: text, configMapRef: objectRef, secretRef: objectRef }),
  ),
});

const condition = object({
  type: z.string(),
  status: z.string(),
  reason: text,
  message: text,
  lastUpdateTime: text,
});

const containerState = optional(
  object({
    waiting: optional(object({ reason: text, message: text })),
    running: optional(object({ startedAt: text })),
    terminated: optional(
      object({
        exitCode: z.number(),
        reason: text,
        message: text,
        finishedAt: text,
      }),
    ),
  }),
);

const MEMBERS = {
  ConfigMap: { data: texts, binaryData: texts, immutable: flag },
  Secret: { type: text, data: texts, immutable: flag },
  Deployment: {
    spec: object({
      replicas: whole,
      paused: flag,
      strategy: optional(object({ type: text })),
      progressDeadlineSeconds: whole,
      selector: object({
        matchLabels: texts,
        matchExpressions: list(
          object({
            key: z.string(),
            operator: z.string(),
            values: list(z.string()),
          }),
        ),
      }),
      template: object({
        metadata: optional(object({ labels: texts, annotations: texts })),
        spec: object({ containers: z.array(container) }),
      }),
    }),
    status: optional(
      object({
        observedGeneration: whole,
        replicas: whole,
        updatedReplicas: whole,
        readyReplicas: whole,
        availableReplicas: whole,
        unavailableReplicas: whole,
        conditions: list(condition),
      }),
    ),
  },
  Pod: {
    spec: object({ containers: z.array(container) }),
    status: optional(
      object({
        phase: text,
        reason: text,
        message: text,
        startTime: text,
        conditions: list(condition),
        containerStatuses: list(
          object({
            name: z.string(),
            ready: z.boolean(),
            restartCount: z.number(),
            state: containerState,
            lastState: containerState,
          }),
        ),
      }),
    ),
  },
};

const SCHEMAS: Record<KubernetesKind, z.ZodType> = {
  ConfigMap: object({ metadata: object(meta), ...MEMBERS.ConfigMap }),
  Secret: object({ metadata: object(meta), ...MEMBERS.Secret }),
  Deployment: object({ metadata: object(meta), ...MEMBERS.Deployment }),
  Pod: object({ metadata: object(meta), ...MEMBERS.Pod }),
};

/**
 * What we rely on in an object of a kind; everything else stays as it is. Items of a list and events repeat no kind.
 *
 * @internal
 */
export function objectSchema<K extends KubernetesKind>(
  kind: K,
): z.ZodType<KubernetesKinds[K]> {
  return SCHEMAS[kind] as unknown as z.ZodType<KubernetesKinds[K]>;
}

/** One page of a list; a list without items may be null. @internal */
export function listSchema<K extends KubernetesKind>(kind: K) {
  return z.object({
    items: z
      .array(objectSchema(kind))
      .nullable()
      .transform(items => items ?? []),
    metadata: optional(z.object({ resourceVersion: text, continue: text })),
  });
}

/** The answer to a deletion: the object that is being deleted, or a Status. @internal */
export const deletionSchema = z.object({ kind: z.string().min(1) });

/** @internal */
export const accessReviewSchema = z.object({
  status: optional(z.object({ allowed: flag })),
});

/** @internal */
export const rulesReviewSchema = z.object({
  status: optional(
    z.object({
      resourceRules: list(
        z.object({
          verbs: list(z.string()),
          apiGroups: list(z.string()),
          resources: list(z.string()),
          resourceNames: list(z.string()),
        }),
      ),
      incomplete: flag,
    }),
  ),
});

/** One line of a watch. @internal */
export const eventSchema = z.object({
  type: z.enum(['ADDED', 'MODIFIED', 'DELETED', 'BOOKMARK', 'ERROR']),
  object: z.unknown(),
});

/** A bookmark only carries a version. @internal */
export const bookmarkSchema = z.looseObject({
  metadata: z.looseObject({
    name: z.string().catch(''),
    resourceVersion: text,
  }),
});
