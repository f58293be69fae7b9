import { InputError } from '@backstage/errors';
import {
  isStrictRedirectUri,
  OAUTH2_PROVIDER_MODEL,
} from 'backstage-plugin-hoop-authentik-node';
import type { ResolvedGateway } from './resolveGateway';

/**
 * Refuses an application that belongs to something else. The right to manage gateways is none to change whatever authentik
 * holds: made to lead to a gateway, an application would hand that its client secret, and a binding lets people in. What
 * app-config names is the operator's word; an input or an annotation can name anything.
 *
 * @throws InputError where there is such an application and it does not lead to the gateway
 * @internal
 */
export async function requireOwnApplication(
  { gateway, desired }: ResolvedGateway,
  call: { signal?: AbortSignal },
): Promise<void> {
  const { slug } = desired.application;
  if (slug === gateway.config.application) {
    return;
  }
  const { authentik } = gateway.systems;
  const application = await authentik.getApplication(slug, call);
  if (application?.provider === undefined) {
    return;
  }
  const provider =
    application.providerModel === OAUTH2_PROVIDER_MODEL
      ? await authentik.getProvider(application.provider, call)
      : undefined;
  const leadsHere = provider?.redirectUris.some(uri =>
    isStrictRedirectUri(uri, desired.redirectUri),
  );
  if (!leadsHere) {
    throw new InputError(
      `The authentik application "${slug}" on ${authentik.baseUrl} does not lead to ${desired.redirectUri}, so it is not the one of the gateway "${gateway.config.name}". ` +
        'Nothing was changed. Choose another slug; where it is meant to be, name it as application of the gateway in app-config.',
    );
  }
}
