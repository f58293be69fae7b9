import { OAUTH2_PROVIDER_MODEL } from '../../application';
import { isStrictRedirectUri } from '../../application/requirements';
import type { AuthentikRedirectUri } from '../../systems/authentik/types';
import {
  NO_APPLICATION,
  pass,
  skipped,
  withAuthentik,
  withProvider,
  type CheckDefinition,
} from './check';

const REPAIR = { fix: { action: 'repair' } } as const;

/** @internal */
export const provider: CheckDefinition = {
  id: 'authentik.provider',
  system: 'authentik',
  title: 'Provider is OAuth2/OpenID, confidential, with readable claims',
  why: 'The gateway reads its claims from the id_token of a confidential OAuth2/OpenID client; with any other provider sign-ins fail.',
  remedy:
    'Run the software template again: it corrects the provider, or names the one that is in the way.',
  preflight: true,
  run: input =>
    withAuthentik(input, 'application', application => {
      if (!application) {
        return NO_APPLICATION;
      }
      const expected =
        'a confidential OAuth2/OpenID provider that puts its claims into the id_token';
      const link = input.desired.application.adminUrl;
      const { providerModel } = application;
      if (providerModel !== OAUTH2_PROVIDER_MODEL) {
        return {
          status: 'fail',
          expected,
          actual: providerModel ?? 'no provider',
          link,
          ...(providerModel
            ? {
                remedy:
                  'Give the gateway an application of its own: choose another slug, or replace the provider in authentik.',
                params: { case: 'other-model', model: providerModel },
              }
            : {
                remedy:
                  'Connect the gateway with the software template, which adds a provider.',
                fix: { action: 'connect' },
                params: { case: 'none' },
              }),
        };
      }
      return withAuthentik(input, 'provider', found => {
        const objections = [
          ...(found?.clientType === 'confidential'
            ? []
            : [`client type ${found?.clientType}`]),
          ...(found?.includeClaimsInIdToken
            ? []
            : ['claims are left out of the id_token']),
        ].join(', ');
        return objections === ''
          ? pass(found?.name, { link })
          : {
              status: 'fail',
              expected,
              actual: objections,
              remedy:
                'Run the software template again: it corrects these fields.',
              link,
              params: { case: 'fields', found: objections },
              ...REPAIR,
            };
      });
    }),
};

/** The usual type goes without saying; another one returns no code to the gateway. */
function describe({
  matchingMode,
  url,
  redirectUriType,
}: AuthentikRedirectUri): string {
  const shown = `${matchingMode} ${url}`;
  return redirectUriType === 'authorization'
    ? shown
    : `${shown} (type ${redirectUriType})`;
}

/** @internal */
export const redirectUri: CheckDefinition = {
  id: 'authentik.redirect-uri',
  system: 'authentik',
  title: 'Redirect URI is strict and exact',
  why: 'authentik returns people only to an address it knows; a pattern in place of the exact address can send tokens elsewhere.',
  remedy:
    'Run the software template again: it adds the redirect URI. Remove those that nothing uses.',
  preflight: true,
  run: input =>
    withProvider(input, ({ redirectUris }) => {
      const { desired } = input;
      const expected = `strict ${desired.redirectUri}`;
      const actual = redirectUris.map(describe).join(', ') || 'none';
      const evidence = {
        actual,
        link: desired.application.adminUrl,
        params: { redirectUri: desired.redirectUri, found: actual },
      };
      if (
        !redirectUris.some(uri => isStrictRedirectUri(uri, desired.redirectUri))
      ) {
        return {
          status: 'fail',
          expected,
          remedy:
            'Run the software template again: it adds the redirect URI. If another one leads to another system, remove that in authentik first.',
          ...evidence,
          ...REPAIR,
        };
      }
      return redirectUris.length > 1
        ? {
            status: 'warn',
            expected: `${expected} and no other`,
            remedy:
              'Remove the redirect URIs that nothing uses in authentik: tokens may be sent to each of them.',
            ...evidence,
          }
        : pass(actual, { expected, link: evidence.link });
    }),
};

/** @internal */
export const encryptionKey: CheckDefinition = {
  id: 'authentik.encryption-key',
  system: 'authentik',
  title: 'Tokens are not encrypted',
  why: 'The gateway cannot read an encrypted token, so every sign-in fails.',
  remedy: 'Run the software template again: it removes the encryption key.',
  preflight: true,
  run: input =>
    withProvider(input, found =>
      found.encryptionKey === undefined
        ? pass('no encryption key')
        : {
            status: 'fail',
            expected: 'no encryption key',
            actual: 'tokens are encrypted',
            remedy:
              'Run the software template again: it removes the encryption key, since the gateway cannot read an encrypted token.',
            link: input.desired.application.adminUrl,
            ...REPAIR,
          },
    ),
};

/** @internal */
export const grantTypes: CheckDefinition = {
  id: 'authentik.grant-types',
  system: 'authentik',
  title: 'Grant types allow the authorization code',
  why: 'From 2026.5, authentik refuses every sign-in of a provider that does not list the authorization code among its grant types.',
  remedy: 'Run the software template again: it adds the grant types.',
  preflight: true,
  run: input =>
    withProvider(input, ({ grantTypes: found }) => {
      if (!found) {
        return skipped('this version of authentik does not restrict them');
      }
      const expected = input.desired.grantTypes.join(', ');
      const actual = found.join(', ') || 'none';
      const evidence = {
        expected,
        actual,
        link: input.desired.application.adminUrl,
        params: { expected, found: actual },
      };
      if (!found.includes('authorization_code')) {
        return {
          status: 'fail',
          ...evidence,
          remedy:
            'Run the software template again: without this grant type, authentik refuses every sign-in.',
          ...REPAIR,
        };
      }
      return input.desired.grantTypes.every(grant => found.includes(grant))
        ? { status: 'pass', ...evidence }
        : {
            status: 'warn',
            ...evidence,
            remedy:
              'Run the software template again, so that sessions can be refreshed.',
            ...REPAIR,
          };
    }),
};

/** @internal */
export const clientSecret: CheckDefinition = {
  id: 'authentik.client-secret',
  system: 'authentik',
  title: 'authentik accepts the client secret',
  why: 'The gateway exchanges a code for tokens with its client secret; with an empty or refused one no sign-in completes.',
  remedy:
    'Set a new client secret of letters and digits in authentik, then run the software template again.',
  preflight: true,
  run: input =>
    withProvider(input, found =>
      withAuthentik(input, 'clientSecret', accepted =>
        accepted && !found.clientSecret.isEmpty
          ? pass('accepted')
          : {
              status: 'fail',
              expected: 'the client authenticates with its secret',
              actual: found.clientSecret.isEmpty
                ? 'the secret is empty'
                : 'refused',
              remedy:
                'Set a new client secret of letters and digits in authentik, then run the software template again.',
              link: input.desired.application.adminUrl,
              params: {
                case: found.clientSecret.isEmpty ? 'empty' : 'refused',
              },
              fix: { action: 'rotate' },
            },
      ),
    ),
};
