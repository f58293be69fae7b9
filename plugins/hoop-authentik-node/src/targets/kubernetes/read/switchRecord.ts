import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { KubernetesTargetConfig } from '../../../config/types';
import {
  decodeSecretData,
  type Deployment,
  type EnvFromSource,
  type Secret,
} from '../../../systems/kubernetes';
import { envFromOf } from './objects';
import { isMadeFor } from './ownership';

/** What `kubectl rollout restart` sets on the pod template. @internal */
export const RESTARTED_AT = 'kubectl.kubernetes.io/restartedAt';

/** On the pod template: the versions of the objects that its containers read. @internal */
export const VERSIONS_READ = 'backstage-hoop-authentik/versions-read';

/** On the Deployment: the switch that wrote its pod template, until it is verified. @internal */
export const UNVERIFIED_SWITCH = 'backstage-hoop-authentik/unverified-switch';

/** The key of the Secret with previous values. @internal */
export const PREVIOUS_VALUES_KEY = 'switch';

/** All annotations of an object together may have 256 KiB. */
const LONGEST_MARK = 64 * 1024;

const named = z.looseObject({
  name: z.string(),
  optional: z.boolean().optional(),
});
const reference = z.looseObject({
  prefix: z.string().optional(),
  configMapRef: named.optional(),
  secretRef: named.optional(),
});
const templatePart = z.strictObject({
  restartedAt: z.string().nullable(),
  versionsRead: z.string().nullable(),
  envFrom: z.array(
    // Unknown members stay, so that the references are restored exactly.
    z.custom<EnvFromSource>(value => reference.safeParse(value).success),
  ),
});
const objectKeys = z.strictObject({
  kind: z.enum(['ConfigMap', 'Secret']),
  name: z.string(),
  keys: z.array(z.string()),
});
const common = {
  /** Joins the two records of one switch. */
  id: z.string(),
  since: z.iso.datetime(),
  container: z.string(),
  /** A digest of everything in the pod template that a switch does not write. */
  others: z.string(),
  before: templatePart,
};
const markSchema = z.strictObject({
  ...common,
  after: templatePart,
  /** No write of the switch was to follow. */
  complete: z.boolean(),
  previousValues: z.boolean(),
  /** Objects that only the container reads that the switch has restarted. */
  made: z.array(objectKeys),
  /** Objects to clean up once the switch is verified. */
  leftovers: z.array(objectKeys),
});
const wireData = z.record(z.string(), z.string().nullable());
const previousSchema = z.strictObject({
  ...common,
  /** In the order in which they are made; those of the Deployment are in its mark. */
  steps: z.array(
    z.union([
      z.strictObject({ type: z.literal('references') }),
      z.strictObject({
        type: z.literal('object'),
        kind: z.enum(['ConfigMap', 'Secret']),
        name: z.string(),
        isNew: z.boolean(),
        before: wireData,
        written: wireData,
      }),
    ]),
  ),
});

/** The parts of a pod template that a switch writes; `null` for an annotation that is not there. @internal */
export interface TemplatePart {
  restartedAt: string | null;
  versionsRead: string | null;
  envFrom: EnvFromSource[];
}

/** What the Deployment says about the switch that wrote its pod template: what to restore, without any value. @internal */
export type SwitchMark = z.infer<typeof markSchema>;

/** The previous values of objects that a switch edits in place, with the values it writes. Holds secrets. @internal */
export type PreviousValues = z.infer<typeof previousSchema>;

/** Data as on the wire: base64 in a Secret, `null` for a key that is not there. @internal */
export type WireData = z.infer<typeof wireData>;

/** Fixed for a gateway, so that a Role can name it. @internal */
export function previousValuesName({
  deployment,
}: Pick<KubernetesTargetConfig, 'deployment'>): string {
  return `${deployment.slice(0, 230)}-idp-previous`;
}

/** @internal */
export function templatePartOf(
  deployment: Deployment,
  container: string,
): TemplatePart {
  const { annotations = {} } = deployment.spec.template.metadata ?? {};
  return {
    restartedAt: annotations[RESTARTED_AT] ?? null,
    versionsRead: annotations[VERSIONS_READ] ?? null,
    envFrom: envFromOf(deployment, container),
  };
}

/** A digest of everything in the pod template but its {@link TemplatePart}. @internal */
export function othersOf({ spec }: Deployment, container: string): string {
  const { metadata, spec: pod } = spec.template;
  const {
    [RESTARTED_AT]: _restartedAt,
    [VERSIONS_READ]: _versionsRead,
    ...annotations
  } = metadata?.annotations ?? {};
  const others = {
    metadata: { ...metadata, annotations },
    spec: {
      ...pod,
      containers: pod.containers.map(one =>
        one.name === container ? { ...one, envFrom: undefined } : one,
      ),
    },
  };
  return createHash('sha256').update(canonical(others)).digest('base64');
}

/** @internal */
export function isSamePart(a: TemplatePart, b: TemplatePart): boolean {
  return canonical(a) === canonical(b);
}

/** As text for the annotation; `undefined` where it is too long to be kept. @internal */
export function markText(mark: SwitchMark): string | undefined {
  const text = JSON.stringify(mark);
  return text.length > LONGEST_MARK ? undefined : text;
}

/** Whether a Deployment has a mark, readable or not. @internal */
export function isMarked({ metadata }: Deployment): boolean {
  return metadata.annotations?.[UNVERIFIED_SWITCH] !== undefined;
}

/** `undefined` where there is none, or one that is not ours. @internal */
export function markIn({ metadata }: Deployment): SwitchMark | undefined {
  const text = metadata.annotations?.[UNVERIFIED_SWITCH] ?? '';
  return text.length > LONGEST_MARK ? undefined : parsed(markSchema, text);
}

/** `undefined` where there are none, or the Secret is not ours. @internal */
export function previousValuesIn(
  secret: Secret | undefined,
  deployment: string,
): PreviousValues | undefined {
  return secret && mayKeepPreviousValues(secret, deployment)
    ? parsed(
        previousSchema,
        decodeSecretData(secret.data)[PREVIOUS_VALUES_KEY] ?? '',
      )
    : undefined;
}

/** Whether a Secret is ours, or was created for us, empty, by an operator who does not let us create any. @internal */
export function mayKeepPreviousValues(
  secret: Secret,
  deployment: string,
): boolean {
  const madeByOthers = Object.keys(secret.metadata.labels ?? {}).includes(
    'app.kubernetes.io/managed-by',
  );
  return (
    isMadeFor(secret, deployment) ||
    (!madeByOthers &&
      Object.keys(secret.data ?? {}).every(key => key === PREVIOUS_VALUES_KEY))
  );
}

function parsed<T>(schema: z.ZodType<T>, text: string): T | undefined {
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

function canonical(value: unknown): string {
  return JSON.stringify(value, sortedMembers);
}

function sortedMembers(_key: string, value: unknown): unknown {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
    ? Object.fromEntries(
        Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)),
      )
    : value;
}
