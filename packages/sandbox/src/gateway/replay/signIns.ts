import type { JsonObject } from '../../json';
import type { Exchange } from '../../replay/exchange';
import type { Reply } from '../../replay/send';
import type { GrantedSignIn } from '../../testing/fakeIdentityProvider';
import type { Stage } from './stage';

/** A replay in which people sign in. */
interface SignInReplay {
  readonly stage: Stage;
  readonly secrets: Map<string, string>;
}

/** Shorter values occur in ordinary text. */
const SHORTEST_TOKEN = 20;

const KINDS: Array<[RegExp, GrantedSignIn['kind']]> = [
  [/^an opaque access token/, 'opaque access token'],
  [/^no id_token/, 'no id_token'],
  [/^id_token signed with another key/, 'other key'],
];

/** Times and identifiers of another server's token are not claims of a person. */
const OF_THE_TOKEN = ['iss', 'aud', 'azp', 'exp', 'iat', 'auth_time', 'jti'];

/** What the provider was told to issue, or what it put into the access token. */
function claimsOf({ note, decoded }: Exchange): JsonObject | undefined {
  const told = /^claims of the id_token: (.*)$/m.exec(note ?? '')?.[1];
  if (told) {
    return JSON.parse(told);
  }
  const [token] = Object.values(decoded ?? {});
  return (
    token &&
    Object.fromEntries(
      Object.entries(token.claims).filter(
        ([key]) => !OF_THE_TOKEN.includes(key),
      ),
    )
  );
}

/**
 * Sign-ins at the provider were not recorded: a code and a state that occur in a callback were given out before.
 *
 * @internal
 */
export function grantSignIn(
  replay: SignInReplay,
  exchange: Exchange,
  otherwise: (title: string) => JsonObject = () => ({}),
): void {
  const { request, response, title } = exchange;
  if (!request.path.startsWith('/api/callback?')) {
    return;
  }
  // Not as a URL: placeholders have a hash.
  const searchParams = new URLSearchParams(request.path.split('?')[1]);
  const { provider, gateway } = replay.stage;
  const code = searchParams.get('code') ?? '';
  if (code.startsWith('<code:') && !replay.secrets.has(code)) {
    const given = `code-${replay.secrets.size}`;
    replay.secrets.set(code, given);
    provider.signIns?.set(given, {
      claims: claimsOf(exchange) ?? otherwise(title),
      kind: KINDS.find(([pattern]) => pattern.test(title))?.[1],
    });
  }
  const { Location: location } = response.headers;
  if (typeof location === 'string') {
    gateway.database.logins.set(searchParams.get('state') ?? '', {
      redirect: replay.stage.here(location.replace(/[?](token|error)=.*$/, '')),
      outcome: 'pending',
    });
  }
}

/** A token that the gateway handed over, in the address or in a cookie. @internal */
export function learnToken(
  replay: SignInReplay,
  { response, note }: Exchange,
  { headers }: Reply,
): void {
  const inAddress = /[?]token=(.+)$/;
  const inCookie = /^hoop_access_token=([^;]+)/m;
  const pairs = [
    [
      inAddress.exec(String(response.headers.Location)),
      inAddress.exec(headers.location ?? ''),
    ],
    [
      inCookie.exec(note ?? ''),
      inCookie.exec(headers['set-cookie']?.[0] ?? ''),
    ],
  ];
  for (const [recorded, actual] of pairs) {
    if (recorded && actual) {
      replay.secrets.set(recorded[1], actual[1]);
    }
  }
}

/** An answer as it would have been recorded. @internal */
export function withPlaceholders(replay: SignInReplay, reply: Reply): Reply {
  const named = (text: string) =>
    [...replay.secrets].reduce(
      (named_, [placeholder, value]) =>
        value.length < SHORTEST_TOKEN
          ? named_
          : named_.split(value).join(placeholder),
      text,
    );
  const { location } = reply.headers;
  return {
    ...reply,
    body: named(reply.body),
    headers: {
      ...reply.headers,
      ...(location && { location: replay.stage.recorded(named(location)) }),
      'set-cookie': reply.headers['set-cookie']?.map(named),
    },
  };
}
