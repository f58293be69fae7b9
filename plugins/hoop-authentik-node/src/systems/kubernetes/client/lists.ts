import { ConflictError } from '@backstage/errors';
import type { CallOptions } from '../../../core';
import { readPages } from '../../../http';
import type { KubernetesKind, KubernetesKinds } from '../types';
import { type KubernetesCall, describeCall } from './call';
import type { KubernetesTransport } from './KubernetesTransport';
import { resourcePath, withType } from './resources';
import { listSchema } from './schemas';

/** Objects per page; a page of pods must stay well below the most that is read of an answer. */
const PAGE_SIZE = 250;

/**
 * Reads a list to its end.
 *
 * @internal
 */
export async function listAll<K extends KubernetesKind>(
  transport: KubernetesTransport,
  call: KubernetesCall,
  kind: K,
  selectors: { labelSelector?: string; fieldSelector?: string },
  options: CallOptions | undefined,
): Promise<{ items: KubernetesKinds[K][]; resourceVersion: string }> {
  const read = async () =>
    readPages(
      describeCall(call),
      { signal: options?.signal },
      async (next, signal) => {
        const { value, size } = await transport.json(
          call,
          {
            method: 'GET',
            path: resourcePath(kind, call.namespace),
            query: { ...selectors, limit: String(PAGE_SIZE), continue: next },
            expect: [200],
          },
          { ...options, signal },
          listSchema(kind),
        );
        const { metadata } = value;
        return {
          items: value.items.map(item => withType(kind, item)),
          next: metadata?.continue || undefined,
          resourceVersion: metadata?.resourceVersion ?? '',
          size,
        };
      },
    );
  // The continue token may expire between two pages (410): start over, once.
  const pages = await read().catch(error => {
    if (ConflictError.is(error)) {
      return read();
    }
    throw error;
  });
  return {
    items: pages.flatMap(({ items }) => items),
    resourceVersion: pages[pages.length - 1].resourceVersion,
  };
}
