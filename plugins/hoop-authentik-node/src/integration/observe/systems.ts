import type {
  AuthentikClient,
  OidcProbes,
} from '../../systems/authentik/types';
import type { HoopClient } from '../../systems/hoop/types';
import type { TestSignIn } from '../../systems/signIn';
import type { SettingsTarget } from '../../targets/types';

/** The systems of one integration. @public */
export interface IntegrationSystems {
  authentik: AuthentikClient;
  probes: OidcProbes;
  hoop: HoopClient;
  target: SettingsTarget;
  /** Where a test account is configured. */
  signIn?: TestSignIn;
}
