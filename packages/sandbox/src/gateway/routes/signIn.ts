import { randomUUID } from 'node:crypto';
import { Request, Response, Router } from 'express';
import { jwtVerify, JWTPayload } from 'jose';
import { syncUser } from '../accounts';
import { asynchronous, sendMessage } from '../authentication';
import { scopesOf } from '../configuration';
import { parseGoUrl } from '../goUrl';
import { GatewayInstance } from '../instance';
import { gatewayFetch, LoadedProvider } from '../provider';

/** Where the command line client listens. */
const clientCallback = 'http://127.0.0.1:3587/callback';
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

function hostnameOf(url: string): string | undefined {
  try {
    return parseGoUrl(url).hostname;
  } catch {
    return undefined;
  }
}

function queryValue(req: Request, key: string): string {
  const value = req.query[key];
  return typeof value === 'string' ? value : '';
}

/** Answers 403 or 500 itself and returns undefined when there is nobody to sign in with. */
async function loadedProvider(
  instance: GatewayInstance,
  res: Response,
): Promise<LoadedProvider | undefined> {
  if (!instance.usesOidc()) {
    sendMessage(res, 403, 'OIDC provider not configured');
    return undefined;
  }
  try {
    return await instance.freshProvider();
  } catch (error) {
    instance.write(
      'error',
      `failed loading IDP provider, reason=${
        error instanceof Error ? error.message : String(error)
      }`,
    );
    sendMessage(res, 500, 'internal server error, failed loading IDP provider');
    return undefined;
  }
}

/** @internal */
export function loginUrl(
  provider: LoadedProvider,
  redirectUri: string,
  state: string,
  extra: { prompt: string; screenHint: string },
): string {
  const { options, discovery } = provider;
  const scopes = scopesOf(options);
  const parameters = new URLSearchParams({
    client_id: options.clientId,
    redirect_uri: redirectUri,
    response_type: 'code',
    scope: scopes.join(' '),
    state,
  });
  const optional = {
    access_type: scopes.includes('offline_access') ? 'offline' : '',
    audience: options.audience,
    prompt: extra.prompt,
    screen_hint: extra.screenHint,
  };
  for (const [key, value] of Object.entries(optional)) {
    if (value) {
      parameters.set(key, value);
    }
  }
  parameters.sort();
  const endpoint = discovery.authorization_endpoint;
  return `${endpoint}${endpoint.includes('?') ? '&' : '?'}${parameters}`;
}

interface TokenAnswer {
  access_token?: string;
  id_token?: string;
  error?: string;
}

async function exchangeCode(
  instance: GatewayInstance,
  provider: LoadedProvider,
  code: string,
): Promise<{ accessToken: string; claims: JWTPayload }> {
  const { options, discovery } = provider;
  const response = await gatewayFetch(discovery.token_endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      authorization: `Basic ${Buffer.from(
        `${encodeURIComponent(options.clientId)}:${encodeURIComponent(
          options.clientSecret,
        )}`,
      ).toString('base64')}`,
    },
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      code,
      redirect_uri: instance.apiUrl.redirectUri,
    }),
  });
  const text = await response.text();
  let answer: TokenAnswer = {};
  try {
    answer = JSON.parse(text);
  } catch {
    throw new Error(`oauth2: cannot parse json, status=${response.status}`);
  }
  if (!response.ok || !answer.access_token) {
    throw new Error(
      `failed exchange authorization code, reason=oauth2: ${JSON.stringify(
        answer.error ?? String(response.status),
      )}`,
    );
  }
  instance.database.remember(answer.access_token);
  instance.database.remember(answer.id_token);
  if (!answer.id_token) {
    throw new Error('no id_token field in oauth2 token');
  }
  const { payload } = await jwtVerify(answer.id_token, provider.keys, {
    issuer: options.issuerUrl,
    audience: options.clientId,
    algorithms: provider.algorithms,
  });
  if (payload.azp !== undefined && payload.azp !== options.clientId) {
    throw new Error('azp claim does not match the client id');
  }
  return { accessToken: answer.access_token, claims: payload };
}

/** The column of the database holds no more. */
const longestRedirect = 255;

/** As Go writes it. */
function sendRedirect(res: Response, url: string): void {
  const shown = url.replace(/&/g, '&amp;').replace(/"/g, '&#34;');
  res
    .status(307)
    .type('html')
    .set('Location', url)
    .end(`<a href="${shown}">Temporary Redirect</a>.\n\n`);
}

/** A web session gets a cookie, unless the gateway is told to put the token into the URL. */
function answerSignIn(
  instance: GatewayInstance,
  req: Request,
  res: Response,
  redirect: string,
  token: string,
): void {
  const isWeb = hostOf(redirect) !== hostOf(clientCallback);
  if (isWeb && instance.env.URL_TOKEN_EXCHANGE !== 'force') {
    res.cookie('hoop_access_token', token, {
      sameSite: 'lax',
      path: '/',
      secure: req.headers['x-forwarded-proto'] === 'https',
    });
    sendRedirect(res, redirect);
    return;
  }
  sendRedirect(res, `${redirect}?token=${token}`);
}

function hostOf(url: string): string | undefined {
  try {
    return parseGoUrl(url).host;
  } catch {
    return undefined;
  }
}

async function login(
  instance: GatewayInstance,
  req: Request,
  res: Response,
): Promise<void> {
  const provider = await loadedProvider(instance, res);
  if (!provider) {
    return;
  }
  const redirect = queryValue(req, 'redirect');
  if (redirect && hostnameOf(redirect) !== instance.apiUrl.hostname) {
    sendMessage(res, 422, 'redirect attribute does not match with api url');
    return;
  }
  if (redirect.length > longestRedirect) {
    sendMessage(res, 500, 'internal error storing the login');
    return;
  }
  const state = randomUUID();
  instance.database.logins.set(state, {
    redirect: redirect || clientCallback,
    outcome: 'pending',
  });
  res.json({
    login_url: loginUrl(provider, instance.apiUrl.redirectUri, state, {
      prompt: queryValue(req, 'prompt'),
      screenHint: queryValue(req, 'screen_hint'),
    }),
  });
}

async function callback(
  instance: GatewayInstance,
  req: Request,
  res: Response,
): Promise<void> {
  const provider = await loadedProvider(instance, res);
  if (!provider) {
    return;
  }
  if (queryValue(req, 'error')) {
    sendMessage(
      res,
      401,
      'error login callback response from identity provider, contact the administrator',
    );
    return;
  }
  const state = queryValue(req, 'state');
  const row = instance.database.logins.get(state);
  if (!row) {
    // The column is of type uuid: anything else makes the query itself fail.
    sendMessage(
      res,
      uuid.test(state) ? 400 : 500,
      'failed to retrieve login state internally',
    );
    return;
  }
  try {
    const { accessToken, claims } = await exchangeCode(
      instance,
      provider,
      queryValue(req, 'code'),
    );
    const user = syncUser(instance, claims, provider.options.groupsClaim);
    instance.write(
      'info',
      `success login, email=${user.email}, groups=${user.groups.join(' ')}`,
    );
    row.outcome = 'success';
    answerSignIn(instance, req, res, row.redirect, accessToken);
  } catch (error) {
    row.outcome = error instanceof Error ? error.message : String(error);
    instance.write('error', `failed login, reason=${row.outcome}`);
    sendRedirect(res, `${row.redirect}?error=unexpected_error`);
  }
}

/** @internal */
export function signInRoutes(instance: GatewayInstance): Router {
  const router = Router({ strict: true });
  router.get(
    '/login',
    asynchronous((req, res) => login(instance, req, res)),
  );
  router.get(
    '/callback',
    asynchronous((req, res) => callback(instance, req, res)),
  );
  return router;
}
