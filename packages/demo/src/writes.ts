import type { RecordedRequest } from 'sandbox';

/**
 * Requests that change something at authentik's API or in the cluster. OpenID requests are none: the probe of a client
 * secret is a POST, but revokes nothing.
 *
 * @internal
 */
export function countWrites(
  requests: Array<Pick<RecordedRequest, 'system' | 'method' | 'path'>>,
): number {
  return requests.filter(
    ({ system, method, path }) =>
      !['GET', 'HEAD', 'OPTIONS'].includes(method) &&
      system !== 'gateway' &&
      !path.startsWith('/application/o/') &&
      !path.includes('selfsubjectaccessreviews'),
  ).length;
}
