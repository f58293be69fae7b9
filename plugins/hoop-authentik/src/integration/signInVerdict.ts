import type {
  CheckId,
  Integration,
} from 'backstage-plugin-hoop-authentik-common';

/** Whether people can sign in, as far as the checks show. @internal */
export type SignInVerdict = 'works' | 'may-fail' | 'broken' | 'unknown';

/** Sign-in is impossible where one of these fails. */
const BREAKS: readonly CheckId[] = [
  'authentik.application',
  'authentik.provider',
  'authentik.redirect-uri',
  'authentik.encryption-key',
  'authentik.discovery',
  'authentik.authorize',
  'authentik.client-secret',
  'gateway.auth-method',
  'gateway.oidc-loaded',
  'sign-in.login-url',
  'sign-in.test-account',
];

/** Where one of these fails it depends: on the value, or on whether the gateway has restarted since. */
const ENDANGERS: readonly CheckId[] = [
  'authentik.signing-key',
  'authentik.scopes',
  'authentik.grant-types',
  'authentik.issuer-mode',
  'authentik.email-claim',
  'authentik.token-size',
  'kubernetes.settings',
  'kubernetes.shadowing',
  'kubernetes.rollout',
  'gateway.api-url',
  'gateway.stored-configuration',
];

/** The worst that the failing checks mean for people who sign in; pure. @internal */
export function signInVerdict({
  state,
  checks,
  complete,
}: Pick<Integration, 'state' | 'checks' | 'complete'>): SignInVerdict {
  if (state === 'connected') {
    return 'works';
  }
  const failing = checks
    .filter(({ status }) => status === 'fail')
    .map(({ id }) => id);
  if (state === 'down' || failing.some(id => BREAKS.includes(id))) {
    return 'broken';
  }
  if (failing.some(id => ENDANGERS.includes(id))) {
    return 'may-fail';
  }
  return complete ? 'works' : 'unknown';
}
