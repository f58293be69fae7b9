import type { AuthentikClient, OidcProbes } from '../../authentik/types';
import type { HoopClient } from '../../hoop/types';
import type { TestSignIn } from '../../signIn';
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
