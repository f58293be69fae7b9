import { signInWithBrowser, type SandboxProcess } from 'sandbox';

/** What the gateway says of a person who signed in. @internal */
export interface LoginResult {
  user: string;
  /** Whether the gateway issued a token; the token itself is not shown. */
  token: boolean;
  groups: string[];
  isAdmin: boolean;
  email: string;
}

/**
 * Does what `hoop login` and a browser do together: asks the gateway where to sign in, signs the user in at authentik,
 * follows the redirect to the gateway's callback and on to the client, and asks the gateway who that was.
 *
 * @throws Error naming the step that failed
 * @internal
 */
export async function hoopLogin(
  sandbox: Pick<SandboxProcess, 'authentik' | 'gateway' | 'users'>,
  username: string,
): Promise<LoginResult> {
  const user = sandbox.users.find(one => one.username === username);
  if (!user) {
    throw new Error(`The sandbox has no user ${username}`);
  }
  const login = await fetch(`${sandbox.gateway.url}/api/login`);
  const answer = await login.json();
  if (!login.ok) {
    throw new Error(
      `The gateway does not offer a sign-in: ${login.status} ${answer.message}`,
    );
  }
  const result = await signInWithBrowser({
    loginUrl: answer.login_url,
    username,
    password: user.password,
    origins: [sandbox.authentik.url, sandbox.gateway.url],
  });
  if (!result.token) {
    throw new Error(
      `${username} was not signed in: ${
        result.error ?? `stuck at ${new URL(result.finalUrl).pathname}`
      }`,
    );
  }
  const whoAmI = await fetch(`${sandbox.gateway.url}/api/userinfo`, {
    headers: { authorization: `Bearer ${result.token}` },
  });
  const info = await whoAmI.json();
  if (!whoAmI.ok) {
    throw new Error(
      `The gateway does not accept the token it issued: ${whoAmI.status} ${info.message}`,
    );
  }
  return {
    user: username,
    token: true,
    groups: info.groups,
    isAdmin: info.is_admin,
    email: info.email,
  };
}
