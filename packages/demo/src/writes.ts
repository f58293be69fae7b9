import type { RecordedRequest } from 'sandbox';

/** Questions about rights; they change nothing. @internal */
export function isReview({ path }: Pick<RecordedRequest, 'path'>): boolean {
  return /\/selfsubject(access|rules)reviews/.test(path);
}

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
      !isReview({ path }) &&
      !path.includes('dryRun=All'),
  ).length;
}
