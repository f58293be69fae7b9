import { NotFoundError } from '@backstage/errors';
import type { CallOptions } from '../../../core';
import { type KubernetesCall } from './call';
import { errorFromResponse } from './errors';
import type { KubernetesTransport } from './KubernetesTransport';
import { deletionSchema } from './schemas';

/**
 * Deletes an object.
 *
 * @param isGone - reads the object
 * @returns false where it did not exist
 * @internal
 */
export async function deleteObject(
  transport: KubernetesTransport,
  call: KubernetesCall,
  path: string,
  options: (CallOptions & { resourceVersion?: string }) | undefined,
  isGone: () => Promise<boolean>,
): Promise<boolean> {
  return transport.rights.use(
    call,
    () => deleteOnce(transport, call, path, options, isGone),
    options,
  );
}

async function deleteOnce(
  ...[transport, call, path, options, isGone]: Parameters<typeof deleteObject>
): Promise<boolean> {
  const { resourceVersion } = options ?? {};
  const answer = await transport.request(
    {
      method: 'DELETE',
      path,
      expect: [200, 202],
      plain: ['v1', 'DeleteOptions', 'Background'],
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        apiVersion: 'v1',
        kind: 'DeleteOptions',
        propagationPolicy: 'Background',
        ...(resourceVersion && { preconditions: { resourceVersion } }),
      }),
    },
    options,
  );
  if (answer.isExpected && deletionSchema.safeParse(answer.json()).success) {
    return true;
  }
  const error = errorFromResponse(call, answer);
  if (NotFoundError.is(error)) {
    return false;
  }
  // The page of a proxy is a success that says nothing about the object: only reading it does.
  if (answer.status < 300 && (await isGone())) {
    return true;
  }
  throw error;
}
