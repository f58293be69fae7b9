import { useCallback } from 'react';
import { useRequest, type RequestResult } from '../hooks';
import {
  attachmentOf,
  type Attachment,
  type AttachmentForm,
} from './attachment';
import type { LookupApis } from './loadGatewayChoices';
import { useLookupApis } from './useLookupApis';

/** @internal */
export type LoadArguments = [
  api: LookupApis['api'],
  attachment: Attachment,
  options: { signal: AbortSignal },
];

/**
 * Asks about the gateway that a form is about; `undefined` until the form names one.
 *
 * @param load - memoized
 * @internal
 */
export function useLookup<T>(
  { entity, gateway }: AttachmentForm = {},
  load: (...args: LoadArguments) => Promise<T>,
): RequestResult<T | undefined> {
  const { api, catalog } = useLookupApis();
  return useRequest(
    useCallback(
      async options => {
        const attachment = await attachmentOf({ entity, gateway }, catalog);
        return attachment ? load(api, attachment, options) : undefined;
      },
      [api, catalog, entity, gateway, load],
    ),
  );
}
