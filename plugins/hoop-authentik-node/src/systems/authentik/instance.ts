/**
 * Where an authentik instance is.
 *
 * @public
 */
export interface InstanceOptions {
  /** Name of the instance in app-config. */
  name: string;
  /** Public base URL. */
  baseUrl: string;
  /** PEM of the certificate authority, where the system does not know it. */
  ca?: string;
  /** Deadline of one attempt in milliseconds. */
  timeoutMs?: number;
}

/**
 * The base URL without a trailing slash, and the name of the instance in messages, which leaves out credentials that
 * somebody put into the URL.
 *
 * @internal
 */
export function describeInstance({ name, baseUrl }: InstanceOptions): {
  baseUrl: string;
  system: string;
} {
  const bare = baseUrl.replace(/\/+$/, '');
  const shown = new URL(bare);
  shown.username = '';
  shown.password = '';
  return {
    baseUrl: bare,
    system: `authentik instance "${name}" (${shown.href.replace(/\/$/, '')})`,
  };
}
