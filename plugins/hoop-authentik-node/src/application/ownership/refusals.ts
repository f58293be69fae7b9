import { InputError } from '@backstage/errors';
import { describeValue } from '../../core';
import type {
  AuthentikApplication,
  AuthentikClient,
  AuthentikProvider,
  AuthentikRedirectUri,
} from '../../systems/authentik/types';
import { listShortened } from '../refusals';
import { whoseRedirectUri } from '../requirements';

type Server = Pick<AuthentikClient, 'baseUrl'>;

interface Claim {
  gateway?: string;
  slug: string;
  claimedApplication?: string;
  redirectUri: string;
}

/** Longer ones are no addresses that people recognise. */
const LONGEST_ADDRESS = 100;

/** The refusal of an application that belongs to another system, or to nothing that shows. @internal */
export function foreignApplication(
  { baseUrl }: Server,
  claim: Claim,
  {
    provider,
    providerModel,
  }: { provider?: AuthentikProvider; providerModel?: string },
): InputError {
  const { slug, claimedApplication } = claim;
  const object = `The authentik application "${slug}" on ${baseUrl}`;
  if (providerModel !== undefined) {
    return new InputError(
      `${object} has a provider of type ${providerModel}; expected an OAuth2/OpenID provider. It does not belong to ${gatewayOf(
        claim,
      )}. Nothing was changed. Choose another slug, or replace the provider of that application in authentik.`,
    );
  }
  const foreign = provider ? othersIn(provider, claim) : undefined;
  const facts = provider
    ? `its provider ${describeValue(provider.name)} ${leading(provider, claim)}`
    : 'it has no provider, so nothing shows whose it is';
  const removal = 'remove the redirect URIs of other systems in authentik';
  const written = `write hoopAuthentik.gateways[].application: ${slug} for this gateway in app-config`;
  const advice =
    claimedApplication === slug
      ? `app-config claims it for this gateway (hoopAuthentik.gateways[].application: ${slug}): ${removal}, or write another slug.`
      : `Choose another slug. If it is this gateway's, ${written}${
          foreign ? ` and ${removal}` : ''
        }.`;
  return new InputError(
    `${object} does not belong to ${gatewayOf(
      claim,
    )}: ${facts}. Nothing was changed. ${advice}`,
  );
}

/** The refusal of a provider that no application of this gateway has. @internal */
export function foreignProvider(
  { baseUrl }: Server,
  claim: Claim,
  provider: AuthentikProvider,
): InputError {
  const { slug, redirectUri } = claim;
  const { assignedApplicationSlug: owner, name } = provider;
  const object = `The authentik provider ${describeValue(name)} on ${baseUrl}`;
  if (owner !== undefined) {
    return new InputError(
      `${object} already belongs to the application "${owner}"; expected an unused name for the provider of "${slug}". ` +
        'Nothing was changed. Give another provider name or another application name. ' +
        `If that application is this gateway's, write hoopAuthentik.gateways[].application: ${owner} for this gateway in app-config.`,
    );
  }
  return new InputError(
    `${object} does not belong to ${gatewayOf(claim)}: it ${leading(
      provider,
      claim,
    )}. Nothing was changed. Give another provider name or another application name. ` +
      `A provider without an application is adopted only if its one redirect URI is ${redirectUri} (strict). If it is this gateway's, change that in authentik, ` +
      `or give it an application there and write hoopAuthentik.gateways[].application: <its slug> for this gateway in app-config.`,
  );
}

/** The refusal of an application whose provider cannot be read. @internal */
export function unseenProvider(
  { baseUrl }: Server,
  { slug, provider }: AuthentikApplication,
): InputError {
  return new InputError(
    `The authentik application "${slug}" on ${baseUrl} has the provider ${provider}, which the token may not see or ` +
      'which was deleted in this moment. Grant the token authentik_providers_oauth2.view_oauth2provider as a global permission, or run the task again.',
  );
}

function gatewayOf({ gateway }: Claim): string {
  return gateway === undefined ? 'this gateway' : `the gateway "${gateway}"`;
}

/** Where a provider leads, as part of a sentence. */
function leading(provider: AuthentikProvider, claim: Claim): string {
  const others = othersIn(provider, claim);
  return others === undefined
    ? `does not lead to ${claim.redirectUri}`
    : `leads to ${others}`;
}

/** The systems that a provider leads to, beside the gateway; `undefined` where there are none. */
function othersIn(
  { redirectUris }: AuthentikProvider,
  { redirectUri }: Claim,
): string | undefined {
  const others = redirectUris
    .filter(uri => whoseRedirectUri(uri, redirectUri) === 'foreign')
    .map(uri => `"${addressIn(uri)}"`);
  return others.length > 0 ? listShortened([...new Set(others)]) : undefined;
}

/** The host of a redirect URI, or the whole pattern. */
function addressIn({ matchingMode, url }: AuthentikRedirectUri): string {
  const host =
    matchingMode === 'strict' && URL.canParse(url) ? new URL(url).host : '';
  const address = describeValue(host || url).slice(1, -1);
  return address.length > LONGEST_ADDRESS
    ? `${address.slice(0, LONGEST_ADDRESS)}…`
    : address;
}
