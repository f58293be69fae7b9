import type { Json, JsonObject } from '../../json';
import { isJsonObject } from '../../json';
import type { ValueRules } from '../../replay/compare';
import { shapeProblems, sorted, valueProblems } from '../../replay/compare';
import type { Exchange } from '../../replay/exchange';
import type { Reply } from '../../replay/send';

const RULES: ValueRules = {
  // Numbers and texts that belong to one server at one time.
  own: new Set([
    'pk',
    'num_pk',
    'provider',
    'iat',
    'exp',
    'auth_time',
    'count',
    'total_pages',
    'start_index',
    'end_index',
    // In no stable order on the real server either.
    'scope',
    'scopes',
    'scopes_supported',
    // Cut in the recordings, or about the recording server itself.
    'expression',
    'n',
    'symbol_charset',
    'sentry_dsn',
    'environment',
    'notes',
    'system_permissions',
    'meta_icon_url',
    // Depends on what the same browser did in scenarios before.
    'known_device',
  ]),
  kinds: [
    ['uuid', /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/],
    ['time', /^\d{4}-\d\d-\d\dT[\d:.]+Z$/],
    ['fingerprint', /^([0-9a-f]{2}:){19,31}[0-9a-f]{2}$/],
    ['hex', /^[0-9a-f]{32,}$/],
    ['certificate', /^<certificate:\d+>$|^MII[\w+/=]{300,}$/],
    ['image', /^data:/],
  ],
  // As the recordings have them: client ids, secrets, thumbprints, keys.
  random: /^(?=.*\d)(?=.*[A-Z])[\w-]{20,}$/,
  // A client id inside a link is as much an identifier as one on its own.
  plain: text => text.replace(/(client_id=)[A-Za-z0-9]{40}/g, '$1'),
};

/** Errors must say the same, except for the number of the request. */
function errorProblems(recorded: Json | undefined, actual: Json): string[] {
  const plain = (value: Json | undefined) => {
    if (!isJsonObject(value)) return JSON.stringify(value);
    const { request_id: id, ...rest } = value;
    return JSON.stringify([sorted(rest), typeof id]);
  };
  return plain(recorded) === plain(actual)
    ? []
    : [`error ${plain(recorded)} became ${plain(actual)}`];
}

function htmlSummary(html: string): { title: string; h1: string; p: string[] } {
  const plain = (text: string) => text.replace(/\s+/g, ' ').trim();
  const first = (tag: string) =>
    plain(new RegExp(`<${tag}[^>]*>([^<]*)<`).exec(html)?.[1] ?? '');
  return {
    title: first('title'),
    h1: first('h1'),
    p: [...html.matchAll(/<p[^>]*>([^<]*)</g)].map(match => plain(match[1])),
  };
}

function headerProblems(exchange: Exchange, reply: Reply): string[] {
  const { headers } = exchange.response;
  const problems: string[] = [];
  const same = (name: string, mine: string | undefined) => {
    const recorded = headers[name];
    if ((recorded ?? '') !== (mine ?? '')) {
      problems.push(`${name} ${recorded} became ${mine}`);
    }
  };
  same('Content-Type', reply.headers['content-type']);
  same('Allow', reply.headers.allow);
  const cookies = (reply.headers['set-cookie'] ?? []).map(
    cookie => cookie.split('=')[0],
  );
  const wanted = ([] as string[]).concat(headers['Set-Cookie'] ?? []);
  if (wanted.sort().join() !== cookies.sort().join()) {
    problems.push(`Set-Cookie ${wanted} became ${cookies}`);
  }
  const challenge = /WWW-Authenticate: (.*)$/.exec(exchange.note ?? '')?.[1];
  if (challenge && challenge !== reply.headers['www-authenticate']) {
    problems.push(
      `WWW-Authenticate became ${reply.headers['www-authenticate']}`,
    );
  }
  return problems;
}

function decode(part: string): JsonObject {
  return JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
}

function tokenProblems(exchange: Exchange, body: Json): string[] {
  if (!exchange.decoded || !isJsonObject(body)) return [];
  return Object.entries(exchange.decoded).flatMap(
    ([name, { header, claims }]) => {
      const [first, second] = String(body[name]).split('.');
      if (second === undefined) return [`${name} is no JWT`];
      return [
        ...shapeProblems(header, decode(first), `${name} header`),
        ...valueProblems(header, decode(first), RULES, `${name} header`),
        ...shapeProblems(claims, decode(second), `${name} claims`),
        ...valueProblems(claims, decode(second), RULES, `${name} claims`),
      ];
    },
  );
}

/**
 * Everything in which an answer differs from the recorded one.
 *
 * @internal
 */
export function compare(
  exchange: Exchange,
  expected: { body: Json | undefined; location: string | undefined },
  reply: Reply,
): string[] {
  const { response } = exchange;
  const problems: string[] = [];
  if (reply.status !== response.status) {
    problems.push(
      `status ${response.status} became ${reply.status} ${reply.body.slice(
        0,
        300,
      )}`,
    );
    return problems;
  }
  problems.push(...headerProblems(exchange, reply));
  if (expected.location !== reply.headers.location) {
    problems.push(
      `Location ${expected.location} became ${reply.headers.location}`,
    );
  }
  if (response.html) {
    const mine = htmlSummary(reply.body);
    if (JSON.stringify(mine) !== JSON.stringify(response.html)) {
      problems.push(`page became ${JSON.stringify(mine)}`);
    }
    return problems;
  }
  // A HEAD has the headers of a GET.
  const isJson =
    reply.headers['content-type'] === 'application/json' && reply.body !== '';
  if (!isJson) {
    const recorded = response.body ?? '';
    if (recorded !== reply.body) {
      problems.push(`body became ${reply.body.slice(0, 200)}`);
    }
    return problems;
  }
  const actual = JSON.parse(reply.body) as Json;
  if (response.status >= 400) {
    problems.push(...errorProblems(expected.body, actual));
  } else {
    problems.push(
      ...shapeProblems(expected.body, actual),
      ...valueProblems(expected.body, actual, RULES),
      ...tokenProblems(exchange, actual),
    );
  }
  return problems;
}
