import { createHash } from 'node:crypto';
import { replicaSets } from '../resources';
import { Deployment, KubeObject, Pod, PodTemplate, ReplicaSet } from '../types';
import { canonicalJson, clone, deepEqual, omitKeys } from '../values';
import { rollingLimits } from './deploymentStatus';

/** @internal */
export const revisionAnnotation = 'deployment.kubernetes.io/revision';
/** @internal */
export const hashLabel = 'pod-template-hash';

/** The template as the Deployment has it, i.e. without the label the controller adds. */
function templateWithoutHash(template: PodTemplate): PodTemplate {
  const copy = clone(template);
  if (copy.metadata?.labels) {
    copy.metadata.labels = omitKeys(copy.metadata.labels, [
      hashLabel,
    ]) as Record<string, string>;
  }
  return copy;
}

/** Ten characters of the alphabet Kubernetes uses for names, so that no word is spelled by accident. @internal */
export function templateHash(template: PodTemplate): string {
  const alphabet = 'bcdfghjklmnpqrstvwxz2456789';
  const digest = createHash('sha256').update(canonicalJson(template)).digest();
  return [...digest.subarray(0, 10)]
    .map(byte => alphabet[byte % alphabet.length])
    .join('');
}

/** @internal */
export function isOwnedBy(object: KubeObject, owner: KubeObject): boolean {
  return (object.metadata.ownerReferences ?? []).some(
    reference => reference.uid === owner.metadata.uid && reference.controller,
  );
}

/** Whether a pod has ended as a whole. @internal */
export function hasEnded({ status }: Pod): boolean {
  return status?.phase === 'Failed' || status?.phase === 'Succeeded';
}

/** @internal */
export function revisionOf(object: KubeObject): number {
  return Number(object.metadata.annotations?.[revisionAnnotation] ?? 0);
}

/** @internal */
export function hasTemplateOf(
  replicaSet: ReplicaSet,
  deployment: Deployment,
): boolean {
  return deepEqual(
    templateWithoutHash(replicaSet.spec.template),
    templateWithoutHash(deployment.spec.template),
  );
}

/** @internal */
export function ownerReference(owner: KubeObject) {
  return {
    apiVersion: owner.apiVersion,
    kind: owner.kind,
    name: owner.metadata.name,
    uid: owner.metadata.uid ?? '',
    controller: true,
    blockOwnerDeletion: true,
  };
}

/** @internal */
export function newReplicaSet(
  deployment: Deployment,
  revision: number,
  replicas: number,
): ReplicaSet {
  const hash = templateHash(deployment.spec.template);
  const template = clone(deployment.spec.template);
  const labels = { ...template.metadata?.labels, [hashLabel]: hash };
  return {
    apiVersion: replicaSets.apiVersion,
    kind: replicaSets.kind,
    metadata: {
      name: `${deployment.metadata.name}-${hash}`,
      namespace: deployment.metadata.namespace,
      labels,
      annotations: {
        'deployment.kubernetes.io/desired-replicas': String(
          deployment.spec.replicas,
        ),
        'deployment.kubernetes.io/max-replicas': String(
          deployment.spec.replicas + rollingLimits(deployment).maxSurge,
        ),
        [revisionAnnotation]: String(revision),
      },
      ownerReferences: [ownerReference(deployment)],
    },
    spec: {
      replicas,
      selector: {
        ...deployment.spec.selector,
        matchLabels: {
          ...deployment.spec.selector.matchLabels,
          [hashLabel]: hash,
        },
      },
      template: { ...template, metadata: { ...template.metadata, labels } },
    },
  };
}
