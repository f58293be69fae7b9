import { z } from 'zod';
import type { TestAccount } from '../../config/types';

const challengeSchema = z.object({
  component: z.string(),
  to: z.string().optional(),
  token: z.string().optional(),
  password_fields: z.boolean().optional(),
  error_message: z.string().nullish(),
  response_errors: z.record(z.string(), z.unknown()).nullish(),
});

/** What to do about a challenge of authentik's flow executor. @internal */
export type ChallengeAnswer =
  | { post: object }
  | { to: string }
  | { refused: string }
  | { unsupported: string };

/**
 * Answers a challenge with a test account; pure. `undefined` for what is no challenge at all.
 *
 * @internal
 */
export function answerChallenge(
  body: unknown,
  account: TestAccount,
): ChallengeAnswer | undefined {
  const parsed = challengeSchema.safeParse(body);
  if (!parsed.success) {
    return undefined;
  }
  const { component, to, token, ...challenge } = parsed.data;
  if (Object.keys(challenge.response_errors ?? {}).length > 0) {
    // Never the server's words: they may repeat what was sent.
    return {
      refused:
        component === 'ak-stage-password' ||
        component === 'ak-stage-identification'
          ? 'username or password are not accepted'
          : `the answer to ${component} is not accepted`,
    };
  }
  switch (component) {
    case 'xak-flow-redirect':
      return to === undefined ? undefined : { to };
    case 'ak-stage-identification':
      return {
        post: {
          component,
          uid_field: account.username,
          ...(challenge.password_fields
            ? { password: account.password.reveal() }
            : {}),
        },
      };
    case 'ak-stage-password':
      return { post: { component, password: account.password.reveal() } };
    case 'ak-stage-consent':
      return { post: { component, token: token ?? '' } };
    case 'ak-stage-user-login':
      return { post: { component, remember_me: false } };
    case 'ak-stage-access-denied':
      return { refused: 'access is denied' };
    default:
      return { unsupported: stageName(component) };
  }
}

/** Names of stages are words of authentik; anything else is not repeated. */
function stageName(component: string): string {
  return /^[a-z0-9-]{1,60}$/.test(component) ? component : 'an unknown stage';
}
