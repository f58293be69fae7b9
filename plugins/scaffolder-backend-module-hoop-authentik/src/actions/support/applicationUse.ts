import {
  InputError,
  isError,
  ServiceUnavailableError,
} from '@backstage/errors';
import {
  desiredIntegration,
  OAUTH2_PROVIDER_MODEL,
  type Gateway,
} from 'backstage-plugin-hoop-authentik-node';
import type { ActionOptions } from './ActionOptions';
import type { ResolvedGateway } from './resolveGateway';

type Call = { signal?: AbortSignal };

/** `idp` is what the gateway calls `oidc` for older clients. */
const OIDC_METHODS = ['oidc', 'idp'];

/** A gateway that signs people in with an application, or may do so. @internal */
export interface ApplicationUse {
  gateway: Gateway;
  /** Whether it is known; else the gateway could not be asked. */
  known: boolean;
  /** What was found, naming the gateway. */
  finding: string;
}

/**
 * Finds which gateways use an application. Every configured gateway of the same authentik server counts: entities may
 * attach any of them to any application.
 *
 * @param except - a gateway that does not count
 * @internal
 */
export async function findUses(
  { gateways }: Pick<ActionOptions, 'gateways'>,
  { gateway, desired }: ResolvedGateway,
  call: Call,
  except?: Gateway,
): Promise<ApplicationUse[]> {
  const others = gateways
    .gatewayNames()
    .map(name => gateways.getGateway(name))
    .filter(
      ({ authentik, config }) =>
        // One server may be declared more than once, such as with another token.
        authentik.baseUrl === gateway.authentik.baseUrl &&
        config.name !== except?.config.name,
    );
  const uses = await Promise.all(
    others.map(async one => {
      const use = one.systems.target.refusal
        ? await useOfUnread(one, gateway, desired.application.slug, call)
        : await useOf(one, desired.application.slug, call);
      return use ? [{ gateway: one, ...use }] : [];
    }),
  );
  call.signal?.throwIfAborted();
  return uses.flat();
}

/**
 * Keeps an application from being deleted under a gateway.
 *
 * @param except - a gateway that does not count
 * @throws InputError naming the gateways that sign people in with the application
 * @throws ServiceUnavailableError naming those that could not be asked
 * @internal
 */
export async function refuseWhileInUse(
  options: Pick<ActionOptions, 'gateways'>,
  resolved: ResolvedGateway,
  call: Call,
  except?: Gateway,
): Promise<void> {
  const uses = await findUses(options, resolved, call, except);
  const inUse = uses.filter(({ known }) => known);
  if (inUse.length > 0) {
    throw new InputError(
      `Nothing was deleted: ${findingsOf(inUse)}. ` +
        'Disconnect the gateway first, or set evenIfInUse.',
    );
  }
  if (uses.length > 0) {
    throw new ServiceUnavailableError(
      `Nothing was deleted: ${findingsOf(
        uses,
      )}. Run the task again once this is mended, or set evenIfInUse.`,
    );
  }
}

/** @internal */
export function findingsOf(uses: ApplicationUse[]): string {
  return uses.map(({ finding }) => finding).join('; ');
}

/** What was found about one gateway; `undefined` where it does not use the application. */
type Use = Pick<ApplicationUse, 'known' | 'finding'> | undefined;

async function useOf(
  { config, authentik, systems }: Gateway,
  slug: string,
  call: Call,
): Promise<Use> {
  try {
    const { state } = await systems.target.read(call);
    const { issuer: wanted } = desiredIntegration(config, authentik, slug);
    const issuer = state.settings.IDP_ISSUER.value;
    const points =
      typeof issuer === 'string' ? issuer === wanted : issuer?.equals(wanted);
    const method = 'method' in state.outcome ? state.outcome.method : 'oidc';
    // What IDP_URI points to cannot be told from the separate settings.
    const reads = method === 'oidc' && (points || state.overrides.length > 0);
    return reads || (await signsInWith(systems, { slug, wanted }, call))
      ? {
          known: true,
          finding: `the gateway "${config.name}" signs people in with the application "${slug}"`,
        }
      : undefined;
  } catch (error) {
    return notTold(config.name, slug, error);
  }
}

/**
 * Whether the gateway itself says that it uses the application. What it stores beats an environment that knows nothing of
 * the application; a target that is read from the gateway has said it already.
 */
async function signsInWith(
  { authentik, hoop, target }: Gateway['systems'],
  { slug, wanted }: { slug: string; wanted: string },
  call: Call,
): Promise<boolean> {
  if (!target.capabilities.showsEnvironment) {
    return false;
  }
  const { authMethod } = await hoop.getInfo(call);
  if (!OIDC_METHODS.includes(authMethod)) {
    return false;
  }
  if (hoop.hasApiKey) {
    const { oidc } = await hoop.getAuthConfig(call);
    return oidc?.issuer === wanted;
  }
  const application = await authentik.getApplication(slug, call);
  const provider =
    application?.provider === undefined ||
    application.providerModel !== OAUTH2_PROVIDER_MODEL
      ? undefined
      : await authentik.getProvider(application.provider, call);
  // The request leaves a row in the gateway's database, so it comes last.
  return (
    provider !== undefined &&
    (await hoop.getLoginUrl(call)).clientId === provider.clientId
  );
}

/** Where its settings cannot be read, the gateway itself says whether it needs an application at all. */
async function useOfUnread(
  { config, systems }: Gateway,
  named: Gateway,
  slug: string,
  call: Call,
): Promise<Use> {
  if (config.name !== named.config.name && config.application !== slug) {
    return undefined;
  }
  try {
    const { authMethod } = await systems.hoop.getInfo(call);
    return authMethod === 'local'
      ? undefined
      : {
          known: true,
          finding: `the gateway "${config.name}" signs people in with ${authMethod}, and its settings, which say with which application, are not read here`,
        };
  } catch (error) {
    return notTold(config.name, slug, error);
  }
}

function notTold(gateway: string, slug: string, error: unknown): Use {
  const reason = isError(error) ? error.message : String(error);
  return {
    known: false,
    finding: `whether the gateway "${gateway}" uses the application "${slug}" could not be told: ${reason.replace(
      /\.$/,
      '',
    )}`,
  };
}
