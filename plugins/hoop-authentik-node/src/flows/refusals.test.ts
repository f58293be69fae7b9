import { runChecks } from '../integration/checks';
import {
  all,
  type Change,
  inputWith,
  ok,
  unreachable,
  withAuthentik,
} from '../integration/__testUtils__/goodObservation';
import { AuthentikPermissionError } from '../systems/authentik';
import { refuseFailures } from './refusals';

const refusal = (change?: Change) => () => {
  const input = inputWith(change);
  refuseFailures(runChecks(input), input, 'No.');
};

const clientRefused = withAuthentik({
  authorize: ok({ outcome: 'client-refused' }),
});
const secretRefused = withAuthentik({ clientSecret: ok(false) });
const outOfReach: Change = observed => {
  observed.target = unreachable();
};

describe('refuseFailures', () => {
  it('should accept what passed, warns or does not apply', () => {
    expect(refusal()).not.toThrow();
    expect(
      refusal(
        withAuthentik({ keys: ok([{ kty: 'RSA', expiry: '2026-05-02' }]) }),
      ),
    ).not.toThrow();
  });

  it('should name every failure, with what to do', () => {
    expect(refusal(all(clientRefused, secretRefused))).toThrow(
      expect.objectContaining({
        name: 'InputError',
        message:
          'No. authentik accepts an authorize request of the gateway: expected the client and https://hoop.company/api/callback are accepted; found client refused. Run the software template again: it corrects the redirect URI and the grant types. authentik accepts the client secret: expected the client authenticates with its secret; found refused. Set a new client secret of letters and digits in authentik, then run the software template again.',
      }),
    );
  });

  it('should name an outage once, with the remedy that fits it', () => {
    expect(refusal(outOfReach)).toThrow(
      expect.objectContaining({
        name: 'ServiceUnavailableError',
        message:
          'No. Kubernetes API is unreachable: cannot be reached (ECONNREFUSED). Nothing listens at the address. Start the Kubernetes API, or correct the server of the cluster in app-config. Then run the task again.',
      }),
    );
  });

  it('should name a failure first that is known beside an outage', () => {
    expect(refusal(all(outOfReach, clientRefused))).toThrow(
      expect.objectContaining({
        name: 'ServiceUnavailableError',
        message: expect.stringMatching(
          /^No\. authentik accepts an authorize request .* Kubernetes API is unreachable: /,
        ),
      }),
    );
  });

  it('should not blame the user for a permission that our token lacks', () => {
    expect(
      refusal(
        withAuthentik({
          claims: {
            ok: false,
            error: new AuthentikPermissionError('it lacks x', 'x'),
          },
        }),
      ),
    ).toThrow(
      expect.objectContaining({
        name: 'ServiceUnavailableError',
        message:
          'No. Token lacks a permission in authentik: it lacks x. Grant x globally to the user of the token, through a role. Then run the task again.',
      }),
    );
  });
});
