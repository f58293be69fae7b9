import { CustomErrorBase } from '@backstage/errors';

/**
 * The gateway did not come up after its settings were changed or it was restarted. The message says why, and whether
 * the previous settings are back.
 *
 * @public
 */
export class GatewayRolloutError extends CustomErrorBase {
  name = 'GatewayRolloutError' as const;
}
