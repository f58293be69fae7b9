import type { Secret } from '../types';

/** Values that no message may show. */
export const TOKEN = 'bearer-token-9f8e7d';
export const IDP_SECRET_VALUE = 'hunter2-client-secret';
export const IDP_SECRET_ENCODED =
  Buffer.from(IDP_SECRET_VALUE).toString('base64');

export const IDP_SECRET: Secret = {
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'idp', namespace: 'hoop', resourceVersion: '7' },
  data: { IDP_CLIENT_SECRET: IDP_SECRET_ENCODED },
};

/** A refusal as the API server words it. */
export function status(
  code: number,
  reason: string,
  message: string,
  details = {},
) {
  return {
    kind: 'Status',
    apiVersion: 'v1',
    status: 'Failure',
    code,
    reason,
    message,
    details,
  };
}
