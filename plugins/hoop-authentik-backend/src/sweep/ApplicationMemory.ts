import { createHash } from 'node:crypto';
import type {
  AuthentikKeyPair,
  AuthentikProvider,
} from 'backstage-plugin-hoop-authentik-node/alpha';

interface Entry {
  fingerprint: string;
  readAt: number;
  values: Map<string, unknown>;
}

/** Each application is observed in full once a day, some earlier, so that not all of them are due in the same sweep. */
const LONGEST_MS = 24 * 60 * 60 * 1000;
const SPREAD = 0.5;

/**
 * What can only be read for one application at a time, such as the discovery document and what its probes answered. It
 * holds while the provider and its certificate stay as they are, and until the integration is observed on demand. In memory
 * only: nothing of it is written anywhere.
 *
 * @internal
 */
export class ApplicationMemory {
  readonly #entries = new Map<string, Entry & { until: number }>();

  /**
   * What was read of an application, empty where that no longer holds.
   *
   * @param options - `readSince`: what was read before that no longer holds
   */
  of(
    key: string,
    fingerprint: string,
    { readSince, now = Date.now() }: { readSince: number; now?: number },
  ): Map<string, unknown> {
    const known = this.#entries.get(key);
    if (
      known &&
      known.fingerprint === fingerprint &&
      known.readAt >= readSince &&
      known.until > now
    ) {
      return known.values;
    }
    const values = new Map<string, unknown>();
    this.#entries.set(key, {
      fingerprint,
      readAt: now,
      until: now + LONGEST_MS * (1 - SPREAD * Math.random()),
      values,
    });
    return values;
  }

  forget(key: string): void {
    this.#entries.delete(key);
  }

  /** Forgets all but the given ones. */
  keepOnly(keys: ReadonlySet<string>): void {
    for (const key of this.#entries.keys()) {
      if (!keys.has(key)) {
        this.#entries.delete(key);
      }
    }
  }
}

/** The same for the same provider and certificate; the secret counts by its digest, which stays in memory. @internal */
export function fingerprintOf(
  provider: AuthentikProvider | undefined,
  keyPairs: readonly AuthentikKeyPair[],
): string {
  if (!provider) {
    return '';
  }
  const { clientSecret, ...shown } = provider;
  return createHash('sha256')
    .update(clientSecret.reveal())
    .update(
      JSON.stringify([
        shown,
        keyPairs.find(({ pk }) => pk === provider.signingKey),
      ]),
    )
    .digest('base64');
}
