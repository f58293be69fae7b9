import { HoopAuthentikClient } from 'backstage-plugin-hoop-authentik-common';
import type { HoopAuthentikApi } from './HoopAuthentikApi';

/**
 * Reads from the `hoop-authentik` backend plugin of the same portal.
 *
 * @public
 */
export class DefaultHoopAuthentikApi
  extends HoopAuthentikClient
  implements HoopAuthentikApi {}
