import { InputError, isError } from '@backstage/errors';
import {
  desiredIntegration,
  type Gateway,
} from 'backstage-plugin-hoop-authentik-node';
import type { ActionOptions } from './ActionOptions';
import type { ResolvedGateway } from './resolveGateway';

type Call = { signal?: AbortSignal };

/**
 * Every configured gateway of the same authentik instance counts: entities may attach any of them to any application.
 *
 * @param except - a gateway that does not count
 * @throws InputError naming the gateways that sign people in with the application, or that could not be asked
 * @internal
 */
export async function refuseWhileInUse(
  { gateways }: ActionOptions,
  { gateway, desired }: ResolvedGateway,
  call: Call,
  except?: Gateway,
): Promise<void> {
  const others = gateways
    .gatewayNames()
    .map(name => gateways.getGateway(name))
    .filter(
      ({ config }) =>
        config.authentik === gateway.config.authentik &&
        config.name !== except?.config.name,
    );
  const uses = await Promise.all(
    others.map(one => useOf(one, desired.application.slug, call)),
  );
  call.signal?.throwIfAborted();
  const problems = uses.flatMap(use => use ?? []);
  if (problems.length > 0) {
    throw new InputError(
      `Nothing was deleted: ${problems.join('; ')}. ` +
        'Disconnect the gateway first, or set evenIfInUse.',
    );
  }
}

async function useOf(
  { config, authentik, systems }: Gateway,
  slug: string,
  call: Call,
): Promise<string | undefined> {
  try {
    const { state } = await systems.target.read(call);
    const { issuer: wanted } = desiredIntegration(config, authentik, slug);
    const issuer = state.settings.IDP_ISSUER.value;
    const points =
      typeof issuer === 'string' ? issuer === wanted : issuer?.equals(wanted);
    const method = 'method' in state.outcome ? state.outcome.method : 'oidc';
    // What IDP_URI points to cannot be told from the separate settings.
    return method === 'oidc' && (points || state.overrides.length > 0)
      ? `the gateway "${config.name}" still signs people in with the application "${slug}"`
      : undefined;
  } catch (error) {
    const reason = isError(error) ? error.message : String(error);
    return `whether the gateway "${
      config.name
    }" uses the application "${slug}" could not be told: ${reason.replace(
      /\.$/,
      '',
    )}`;
  }
}
