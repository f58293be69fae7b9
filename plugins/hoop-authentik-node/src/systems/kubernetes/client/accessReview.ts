import type { CallOptions } from '../../../core';
import type { KubernetesTransport } from './KubernetesTransport';
import type { KubernetesClient } from '../types';

/** @internal */
export type Access = Parameters<KubernetesClient['canI']>[0];

/**
 * Asks the cluster whether our credentials may do something (SelfSubjectAccessReview). Nothing is stored.
 *
 * @internal
 */
export async function reviewAccess(
  transport: KubernetesTransport,
  access: Access,
  options: CallOptions | undefined,
): Promise<boolean> {
  const review = (await transport.json(
    {
      server: transport.server,
      verb: 'create',
      resource: 'selfsubjectaccessreviews',
      namespace: access.namespace,
    },
    {
      method: 'POST',
      path: 'apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        apiVersion: 'authorization.k8s.io/v1',
        kind: 'SelfSubjectAccessReview',
        spec: { resourceAttributes: access },
      }),
    },
    options,
  )) as { status?: { allowed?: boolean } };
  return review.status?.allowed === true;
}
