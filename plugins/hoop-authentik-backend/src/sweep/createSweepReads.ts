import {
  BulkReads,
  type AuthentikClient,
} from 'backstage-plugin-hoop-authentik-node/alpha';
import type { Subject, SweepReads } from '../observation/Observer';
import type { ApplicationMemory } from './ApplicationMemory';
import { BulkAuthentik } from './BulkAuthentik';
import { sweepAuthentik } from './sweepAuthentik';

/** The same for the same gateway and application. @internal */
export function keyOf({ gateway, application }: Subject): string {
  return JSON.stringify([gateway, application]);
}

/**
 * The reads of one sweep.
 *
 * @param readSince - for each subject, what was remembered before no longer holds
 * @internal
 */
export function createSweepReads(options: {
  memory: ApplicationMemory;
  readSince: ReadonlyMap<string, number>;
  signal: AbortSignal;
}): SweepReads {
  const { memory, readSince, signal } = options;
  const call = { signal, lane: 'reader' } as const;
  const authentiks = new Map<AuthentikClient, BulkAuthentik>();
  return {
    bulk: new BulkReads(call),
    systemsOf(systems, subject) {
      const bulk =
        authentiks.get(systems.authentik) ??
        new BulkAuthentik(systems.authentik, call);
      authentiks.set(systems.authentik, bulk);
      const key = keyOf(subject);
      return {
        ...systems,
        ...sweepAuthentik(systems, {
          bulk,
          memory,
          key,
          slug: subject.application,
          readSince: readSince.get(key) ?? 0,
        }),
      };
    },
  };
}
