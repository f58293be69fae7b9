import type { Fix } from 'backstage-plugin-hoop-authentik-common';
import type {
  AuthentikProvider,
  PublishedKey,
} from '../../systems/authentik/types';
import { UnusableSigningKeyError } from '../observe';
import {
  pass,
  skipped,
  withAuthentik,
  withProvider,
  type CheckDefinition,
  type CheckInput,
  type Finding,
} from './check';

const USABLE_KEYS = ['RSA', 'EC'];

/** @internal */
export const signingKey: CheckDefinition = {
  id: 'authentik.signing-key',
  system: 'authentik',
  title: 'Signing key is usable',
  why: 'Without a signing key, tokens are signed with the client secret; a key that is neither RSA nor EC cannot be published by authentik. The gateway can verify neither.',
  remedy: 'Run the software template again: it chooses a usable certificate.',
  preflight: true,
  run: input =>
    withProvider(input, provider => {
      const fail = (
        actual: string,
        params: NonNullable<Finding['params']>,
      ): Finding => ({
        status: 'fail',
        expected: 'a certificate with an RSA or EC private key',
        actual,
        remedy:
          'Run the software template again: it chooses a usable certificate. Or generate one in authentik under System > Certificates.',
        link: input.desired.application.adminUrl,
        params,
        fix: { action: 'repair' },
      });
      if (provider.signingKey === undefined) {
        return fail(
          'no signing key: tokens would be signed with the client secret, which the gateway cannot verify',
          { case: 'none' },
        );
      }
      const { discovery, keys } = input.observed.authentik;
      const failure = [discovery, keys].map(unpublishable).find(Boolean);
      if (failure) {
        const { keyType } = failure;
        return keyType === undefined
          ? fail(
              'its certificate has no private key, so authentik can publish nothing',
              { case: 'no-private-key' },
            )
          : fail(
              `its key is ${keyType}, which authentik cannot publish, as any that is neither RSA nor EC`,
              { case: 'unpublishable', keyType },
            );
      }
      return withAuthentik(input, 'keys', published => {
        const found = published.find(isSigningKey);
        if (!found) {
          return fail('no published key', { case: 'unpublished' });
        }
        return found.kty === undefined || USABLE_KEYS.includes(found.kty)
          ? pass(found.kty ?? found.alg)
          : fail(
              `its key is ${found.kty}, and only RSA and EC keys can be used`,
              { case: 'unusable', keyType: found.kty },
            );
      });
    }),
};

/** A key for encryption is published beside the one for signatures. */
function isSigningKey({ use }: PublishedKey): boolean {
  return use !== 'enc';
}

function unpublishable(
  observation: CheckInput['observed']['authentik']['discovery' | 'keys'],
): UnusableSigningKeyError | undefined {
  return !observation.ok && observation.error instanceof UnusableSigningKeyError
    ? observation.error
    : undefined;
}

/** Finds about the published key that signs tokens; skipped where the check of the key says what is wrong. */
function withSigningKey(
  input: CheckInput,
  find: (key: PublishedKey, provider: AuthentikProvider) => Finding,
): Finding {
  return withProvider(input, provider => {
    if (signingKey.run(input).status === 'fail') {
      return skipped('there is no usable signing key yet');
    }
    return withAuthentik(input, 'keys', keys =>
      // The check of the key has found one.
      find(keys.find(isSigningKey)!, provider),
    );
  });
}

/** Without a restart, the gateway takes up to half an hour to load another key. */
const NEW_KEY =
  'run the template that repairs a gateway and select "Replace the signing key": it makes a certificate for this application alone and restarts the gateway. All sessions of the gateway end.';

const RENEW = `To renew it, ${NEW_KEY}`;

const OWN_CERTIFICATE = `To separate it, ${NEW_KEY}`;

/** Offered only where the gateway can be restarted along with it. */
function newKeyOffer({ observed }: CheckInput): { fix?: Fix } {
  return observed.targetCapabilities.restartsGateway
    ? { fix: { action: 'repair', newSigningKey: true } }
    : {};
}

const DAYS = 30;
const DAY_MS = 24 * 60 * 60 * 1000;

/** @internal */
export const signingKeyExpiry: CheckDefinition = {
  id: 'authentik.signing-key-expiry',
  system: 'authentik',
  title: 'Signing certificate valid for 30 days',
  why: 'Clients that check the certificate refuse its tokens once it has expired.',
  remedy: RENEW,
  preflight: true,
  run: input =>
    withSigningKey(input, ({ expiry }) => {
      if (expiry === undefined) {
        return pass('it has no expiry date', { params: { case: 'none' } });
      }
      const left = Date.parse(expiry) - input.observed.now.getTime();
      const day = expiry.slice(0, 10);
      const advice = {
        expected: `a certificate valid for ${DAYS} days or more`,
        remedy: RENEW,
        link: input.desired.application.adminUrl,
        params: { day, days: DAYS },
        ...newKeyOffer(input),
      };
      if (left <= 0) {
        return { status: 'fail', ...advice, actual: `it expired on ${day}` };
      }
      return left < DAYS * DAY_MS
        ? { status: 'warn', ...advice, actual: `it expires on ${day}` }
        : pass(`it expires on ${day}`, { params: { day } });
    }),
};

/** @internal */
export const signingKeyShared: CheckDefinition = {
  id: 'authentik.signing-key-shared',
  system: 'authentik',
  title: 'Signing key belongs to this application alone',
  why: 'The gateway checks the signature of an access token, but not for whom it was issued: it accepts the tokens of every application that signs with the same key.',
  remedy: OWN_CERTIFICATE,
  preflight: false,
  run: input =>
    withSigningKey(input, (_, provider) =>
      withAuthentik(input, 'keyUses', uses => {
        const count = new Set(
          uses
            .filter(
              ({ model, pk }) =>
                model === 'oauth2provider' && pk !== `${provider.pk}`,
            )
            .map(({ pk }) => pk),
        ).size;
        return count === 0
          ? pass('no other provider uses it')
          : {
              status: 'warn',
              expected: 'no other provider uses it',
              actual: `${count} other${count > 1 ? 's do' : ' does'}`,
              remedy: OWN_CERTIFICATE,
              link: input.desired.application.adminUrl,
              params: { count },
              ...newKeyOffer(input),
            };
      }),
    ),
};
