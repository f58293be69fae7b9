import { createExtensionPoint } from '@backstage/backend-plugin-api';
import type { AddedCheck } from '../integration';

/**
 * Where modules add checks of their own to those of the plugins.
 *
 * @alpha
 */
export interface HoopAuthentikChecksExtensionPoint {
  /**
   * Adds checks to card, doctor and sweep, after those of the plugins.
   *
   * @throws InputError for an id that is taken, or not of the form `<system>.x-<subject>`
   */
  addChecks(...checks: AddedCheck[]): void;
}

/**
 * Adds checks to the backend plugin `hoop-authentik`.
 *
 * @alpha
 */
export const hoopAuthentikChecksExtensionPoint =
  createExtensionPoint<HoopAuthentikChecksExtensionPoint>({
    id: 'hoop-authentik.checks',
  });
