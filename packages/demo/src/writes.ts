import type { RecordedRequest } from 'sandbox';

/**
 * Requests that changed something at authentik's API or in the cluster. Refused ones and dry runs did not, and OpenID requests do
 * not: the probe of a client secret is a POST, but revokes nothing.
 *
 * @internal
 */
export function countWrites(
  requests: Array<
    Pick<RecordedRequest, 'system' | 'method' | 'path' | 'status'>
  >,
): number {
  return requests.filter(
    ({ system, method, path, status }) =>
      !['GET', 'HEAD', 'OPTIONS'].includes(method) &&
      system !== 'gateway' &&
      status < 400 &&
      !path.startsWith('/application/o/') &&
      !path.includes('selfsubjectaccessreviews') &&
      !path.includes('dryRun=All'),
  ).length;
}
