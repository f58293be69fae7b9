import { planApplication } from './planApplication';
import { chooseSigningKey } from './signingKey';
import { emptyFacts, goodFacts } from './__testUtils__/goodFacts';
import {
  CONTEXT,
  EC_KEY,
  ED25519_KEY,
  EXPIRED_KEY,
  KEY_PAIRS,
  PUBLIC_KEY,
  RSA_KEY,
} from './__testUtils__/serverObjects';

const FACTS = { keyPairs: KEY_PAIRS };

/** The certificate that app-config names. */
const configured = (name: string) => ({
  ...CONTEXT,
  preferredSigningKey: name,
});

describe('chooseSigningKey', () => {
  it.each([
    ['Gone', 'authentik has none of that name, or the token may not see it'],
    [PUBLIC_KEY.name, 'it has no private key'],
    [EXPIRED_KEY.name, 'it expired on 2026-04-30'],
    [
      ED25519_KEY.name,
      'its key is ed25519, and only RSA and EC keys can be used',
    ],
  ])(
    'should say why the configured certificate "%s" is not used',
    (name, why) => {
      for (const present of [undefined, ED25519_KEY.pk, 'key-gone']) {
        expect(chooseSigningKey({}, present, FACTS, configured(name))).toEqual({
          pk: RSA_KEY.pk,
          note:
            `The certificate "${name}" (hoopAuthentik.authentik[].signingKey in app-config) cannot sign tokens: ${why}. ` +
            `"${RSA_KEY.name}" signs instead. Fix that certificate in authentik, or name another in app-config. ` +
            'A provider keeps a usable certificate: to replace it later, give signingKey to authentik:application:ensure.',
        });
      }
    },
  );

  it.each([
    ['the configured one is taken', undefined, EC_KEY.name, EC_KEY.pk],
    ['the present one is kept', EC_KEY.pk, 'Gone', EC_KEY.pk],
  ])('should say nothing where %s', (_, present, preferred, pk) => {
    const context = { ...CONTEXT, preferredSigningKey: preferred };
    expect(chooseSigningKey({}, present, FACTS, context)).toEqual({
      pk,
      note: undefined,
    });
  });

  it('should have a certificate made where none is configured, and name one for tokens that may not', () => {
    expect(chooseSigningKey({}, undefined, FACTS, CONTEXT)).toEqual({
      instead: RSA_KEY,
    });
    expect(
      chooseSigningKey({}, undefined, { keyPairs: [PUBLIC_KEY] }, CONTEXT),
    ).toEqual({ instead: undefined });
  });

  it('should replace a usable certificate only where a new one is wanted', () => {
    const wanted = { newSigningKey: true };
    expect(chooseSigningKey({}, EC_KEY.pk, FACTS, CONTEXT)).toEqual({
      pk: EC_KEY.pk,
    });
    expect(chooseSigningKey(wanted, EC_KEY.pk, FACTS, CONTEXT)).toEqual({
      pk: undefined,
    });
  });

  it('should take what a run has made that was cut off, but not what signs already', () => {
    const context = { ...CONTEXT, ownCertificates: [EC_KEY.name] };
    for (const spec of [{}, { newSigningKey: true }]) {
      expect(chooseSigningKey(spec, undefined, FACTS, context)).toEqual({
        pk: EC_KEY.pk,
      });
    }
    expect(
      chooseSigningKey({ newSigningKey: true }, EC_KEY.pk, FACTS, context),
    ).toEqual({ pk: undefined });
  });

  it('should say nothing about the configured certificate where another one is given', () => {
    expect(
      chooseSigningKey(
        { signingKey: EC_KEY.name },
        undefined,
        FACTS,
        configured('Gone'),
      ),
    ).toEqual({ pk: EC_KEY.pk, note: undefined });
  });

  it('should add the note to the plan of a new and of an existing provider', () => {
    const note = expect.stringContaining('"Gone" (hoopAuthentik');
    const context = configured('Gone');
    const spec = { slug: 'hoop' };
    expect(planApplication(spec, emptyFacts(), context).notes).toEqual([note]);
    expect(
      planApplication(
        spec,
        goodFacts({ provider: { signingKey: EXPIRED_KEY.pk } }),
        context,
      ).notes,
    ).toEqual([note]);
    expect(planApplication(spec, goodFacts(), context).notes).toEqual([]);
  });

  describe('where no certificate can be used', () => {
    const choose = (keyPairs: typeof KEY_PAIRS, preferred?: string) => () =>
      chooseSigningKey(
        {},
        undefined,
        { keyPairs },
        {
          ...CONTEXT,
          preferredSigningKey: preferred,
        },
      );
    const UNUSABLE = [PUBLIC_KEY, ED25519_KEY, EXPIRED_KEY];
    const FOUND =
      'authentik at https://auth.company has no certificate that can sign tokens: expected one with an RSA or EC ' +
      'private key that has not expired and that the token may see; found ' +
      '"An Ed25519 key" (its key is ed25519, and only RSA and EC keys can be used); ' +
      '"Certificate only" (it has no private key); "Expired" (it expired on 2026-04-30).';

    it.each([EXPIRED_KEY.name])(
      'should give the reason for each certificate, configured: %s',
      preferred => {
        expect(choose(UNUSABLE, preferred)).toThrow(
          expect.objectContaining({
            name: 'InputError',
            message: `${FOUND} Generate one under System > Certificates.`,
          }),
        );
      },
    );

    it('should say that the configured certificate is not among them', () => {
      expect(choose(UNUSABLE, 'Gone')).toThrow(
        `${FOUND} The certificate "Gone" (hoopAuthentik.authentik[].signingKey in app-config) is not among them. Generate one`,
      );
    });

    it('should say that there is none, and shorten a long list', () => {
      expect(choose([], 'Gone')).toThrow(
        'may see; found none. The certificate',
      );
      const many = Array.from({ length: 23 }, (_, index) => ({
        ...PUBLIC_KEY,
        pk: `key-${index}`,
        name: `Certificate ${index}`,
      }));
      expect(choose(many, 'Gone')).toThrow(
        '(it has no private key) and 3 more.',
      );
    });
  });
});
