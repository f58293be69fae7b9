import type { CallOptions } from '../../../core';
import type { KubernetesClient } from '../types';
import type { KubernetesTransport } from './KubernetesTransport';
import { accessReviewSchema } from './schemas';

/** Codes with which a server may confirm the creation of an object. @internal */
export const CREATED = [200, 201, 202];

const ACCESS_REVIEWS = 'selfsubjectaccessreviews';
const API_VERSION = 'authorization.k8s.io/v1';
const KIND = 'SelfSubjectAccessReview';

/**
 * Asks whether our account may do something.
 *
 * @internal
 */
export async function reviewAccess(
  transport: KubernetesTransport,
  access: Parameters<KubernetesClient['canI']>[0],
  options: CallOptions | undefined,
): Promise<boolean> {
  const { value: review } = await transport.json(
    {
      server: transport.server,
      verb: 'create',
      resource: ACCESS_REVIEWS,
      namespace: access.namespace,
    },
    {
      method: 'POST',
      path: `apis/${API_VERSION}/${ACCESS_REVIEWS}`,
      headers: { 'content-type': 'application/json' },
      expect: CREATED,
      plain: [API_VERSION, KIND, ...Object.values(access)],
      body: JSON.stringify({
        apiVersion: API_VERSION,
        kind: KIND,
        spec: { resourceAttributes: access },
      }),
    },
    options,
    accessReviewSchema,
  );
  return review.status?.allowed === true;
}
