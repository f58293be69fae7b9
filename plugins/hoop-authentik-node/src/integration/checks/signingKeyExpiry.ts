import type { CheckDefinition } from './check';
import { withSigningKey } from './signingKey';

const THIRTY_DAYS_MS = 30 * 24 * 60 * 60 * 1000;

/** @internal */
export const signingKeyExpiry: CheckDefinition = {
  id: 'authentik.signingKeyExpiry',
  system: 'authentik',
  title: 'Certificate of the signing key is valid for a while',
  why: 'An expired certificate is a key that nobody looks after; clients that check it refuse its tokens.',
  mend: 'Renew the certificate in authentik, or choose another one.',
  preflight: true,
  run: input =>
    withSigningKey(input, ({ expiry }) => {
      const { now } = input.observed;
      const left =
        expiry === undefined ? Infinity : Date.parse(expiry) - now.getTime();
      const day = expiry?.slice(0, 10);
      const advice = {
        expected: 'a certificate valid for 30 days or more',
        remedy: 'Renew the certificate in authentik, or choose another one.',
        link: input.desired.application.adminUrl,
      };
      if (left <= 0) {
        return { status: 'fail', ...advice, actual: `it expired on ${day}` };
      }
      return left < THIRTY_DAYS_MS
        ? { status: 'warn', ...advice, actual: `it expires on ${day}` }
        : {
            status: 'pass',
            actual: day ? `it expires on ${day}` : 'it does not say until when',
          };
    }),
};
