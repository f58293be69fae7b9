import type { CallOptions, ForeignText } from '../../../core';
import { type KubernetesCall } from './call';
import { errorFromResponse } from './errors';
import type { KubernetesTransport } from './KubernetesTransport';
import { resourcePath } from './resources';
import type { KubernetesClient } from '../types';

/** @internal */
export type PodLogQuery = Parameters<KubernetesClient['getPodLog']>[2];

/** A log is read for the reason why a container ended, for which its last 64 KiB are enough. */
const LIMIT_BYTES = 64 * 1024;

/**
 * Reads the log of a container. `undefined` where RBAC refuses (403), the pod is gone (404), or the container has not
 * started or has no previous run (400): no caller depends on a log.
 *
 * @param call - the pod
 * @internal
 */
export async function readPodLog(
  transport: KubernetesTransport,
  call: KubernetesCall,
  query: PodLogQuery,
  options: CallOptions | undefined,
): Promise<ForeignText | undefined> {
  const answer = await transport.request(
    {
      method: 'GET',
      path: resourcePath('Pod', call.namespace, call.name, 'log'),
      query: {
        container: query.container,
        previous: query.previous ? 'true' : undefined,
        tailLines: query.tailLines?.toString(),
        limitBytes: String(LIMIT_BYTES),
      },
    },
    options,
  );
  if ([400, 403, 404].includes(answer.status)) {
    return undefined;
  }
  if (!answer.isExpected) {
    throw errorFromResponse({ ...call, resource: 'pods/log' }, answer);
  }
  // An HTML page is from a proxy.
  return answer.mediaType === 'text/html' ? undefined : answer.body;
}
