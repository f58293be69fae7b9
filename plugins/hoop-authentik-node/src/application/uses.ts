import { InputError, ServiceUnavailableError } from '@backstage/errors';
import {
  type CallOptions,
  hasIssuer,
  reasonOf,
  type SecretValue,
} from '../core';
import { findOAuth2ProviderOf } from '../systems/authentik';
import type { AuthentikClient } from '../systems/authentik/types';
import { issuerOf } from './requirements';

/** `idp` is what the gateway calls `oidc` for older clients. */
const OIDC_METHODS = ['oidc', 'idp'];

/** A configured gateway, which may sign people in with an application. @alpha */
export interface PossibleUser {
  config: { name: string; application: string };
  authentik: { baseUrl: string };
  systems: {
    authentik: Pick<AuthentikClient, 'getApplication' | 'getProvider'>;
    hoop: {
      hasApiKey: boolean;
      getInfo(options?: CallOptions): Promise<{ authMethod: string }>;
      getAuthConfig(
        options?: CallOptions,
      ): Promise<{ oidc: { issuer: string } | undefined }>;
      getLoginUrl(
        options?: CallOptions,
      ): Promise<{ clientId: string | undefined }>;
    };
    target: {
      capabilities: { showsEnvironment: boolean };
      description: string;
      /** Why its settings cannot be read. */
      refusal?: string;
      read(options?: CallOptions): Promise<{
        state: {
          settings: {
            IDP_ISSUER: { value: string | SecretValue | undefined };
          };
          outcome: { method: string } | { fails: string };
          overrides: unknown[];
        };
      }>;
    };
  };
}

/** The gateways in app-config. @alpha */
export interface PossibleUsers {
  gatewayNames(): string[];
  getGateway(name: string): PossibleUser;
}

/** The application of a gateway. @alpha */
export interface UsedApplication {
  gateway: PossibleUser;
  claim: { slug: string };
}

/** A gateway that signs people in with an application, or may do so. @public */
export interface ApplicationUse {
  gateway: PossibleUser;
  /** False where the gateway could not be asked. */
  known: boolean;
  /** What was found, naming the gateway; part of a sentence. */
  finding: string;
}

/** What was found about one gateway; `undefined` where it does not use the application. */
type Use = Omit<ApplicationUse, 'gateway'> | undefined;

/**
 * Finds the gateways that use an application. Every configured gateway of the same authentik server counts: an entity can
 * attach any of them to any application.
 *
 * @param options - `others`: leave out the gateway whose application it is
 * @internal
 */
export async function findUses(
  gateways: PossibleUsers,
  { gateway, claim: { slug } }: UsedApplication,
  { others, ...call }: CallOptions & { others: boolean },
): Promise<ApplicationUse[]> {
  const uses = await Promise.all(
    gateways
      .gatewayNames()
      .map(name => gateways.getGateway(name))
      .filter(
        ({ authentik, config }) =>
          // One server may be declared more than once, such as with different tokens.
          authentik.baseUrl === gateway.authentik.baseUrl &&
          !(others && config.name === gateway.config.name),
      )
      .map(async one => {
        const mayUse =
          one.config.name === gateway.config.name ||
          one.config.application === slug;
        const use = one.systems.target.refusal
          ? mayUse && (await useOfUnread(one, slug, call))
          : await useOf(one, slug, call);
        return use ? [{ gateway: one, ...use }] : [];
      }),
  );
  call.signal?.throwIfAborted();
  return uses.flat();
}

/**
 * Refuses to delete an application while a gateway uses it.
 *
 * @throws InputError naming the gateways that sign people in with the application
 * @throws ServiceUnavailableError naming those that could not be asked
 * @alpha
 */
export async function refuseWhileInUse(
  gateways: PossibleUsers,
  application: UsedApplication,
  options: CallOptions & { others: boolean },
): Promise<void> {
  const uses = await findUses(gateways, application, options);
  const inUse = uses.filter(({ known }) => known);
  const waiver = 'run authentik:application:delete with evenIfInUse';
  if (inUse.length > 0) {
    throw new InputError(
      `Nothing was deleted: ${findingsOf(
        inUse,
      )}. Disconnect the gateway first, or ${waiver}.`,
    );
  }
  if (uses.length > 0) {
    throw new ServiceUnavailableError(
      `Nothing was deleted: ${findingsOf(
        uses,
      )}. Fix the cause and run the task again, or ${waiver}.`,
    );
  }
}

/** The findings in one text. @internal */
export function findingsOf(uses: ApplicationUse[]): string {
  return uses.map(({ finding }) => finding).join('; ');
}

async function useOf(
  { config, authentik, systems }: PossibleUser,
  slug: string,
  call: CallOptions,
): Promise<Use> {
  try {
    const { state } = await systems.target.read(call);
    const wanted = issuerOf(authentik.baseUrl, slug);
    const issuer = state.settings.IDP_ISSUER.value;
    const points = hasIssuer(issuer, wanted);
    const method = 'method' in state.outcome ? state.outcome.method : 'oidc';
    // Where IDP_URI is set, the separate settings do not show where it points.
    const reads = method === 'oidc' && (points || state.overrides.length > 0);
    return reads || (await signsInWith(systems, { slug, wanted }, call))
      ? {
          known: true,
          finding: `the gateway "${config.name}" signs people in with the application "${slug}"`,
        }
      : undefined;
  } catch (error) {
    return undetermined(config.name, slug, error);
  }
}

/**
 * Whether the gateway itself says that it uses the application. A configuration stored in a gateway overrides its
 * environment, which may not mention the application; a target that is read from the gateway has already answered.
 */
async function signsInWith(
  { authentik, hoop, target }: PossibleUser['systems'],
  { slug, wanted }: { slug: string; wanted: string },
  call: CallOptions,
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
  const provider = await findOAuth2ProviderOf(
    authentik,
    await authentik.getApplication(slug, call),
    call,
  );
  // The request leaves a row in the gateway's database, so it comes last.
  return (
    provider !== undefined &&
    (await hoop.getLoginUrl(call)).clientId === provider.clientId
  );
}

/** Where its settings cannot be read, the gateway itself says whether it needs an application. */
async function useOfUnread(
  { config, systems }: PossibleUser,
  slug: string,
  call: CallOptions,
): Promise<Use> {
  try {
    const { authMethod } = await systems.hoop.getInfo(call);
    return authMethod === 'local'
      ? undefined
      : {
          known: true,
          finding: `the gateway "${config.name}" signs people in with ${authMethod}, and the settings that name its application are not read here`,
        };
  } catch (error) {
    return undetermined(config.name, slug, error);
  }
}

function undetermined(gateway: string, slug: string, error: unknown): Use {
  return {
    known: false,
    finding: `whether the gateway "${gateway}" uses the application "${slug}" cannot be determined: ${reasonOf(
      error,
    )}`,
  };
}
