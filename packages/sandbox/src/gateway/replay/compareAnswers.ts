import type { Json } from '../../json';
import type { ValueRules } from '../../replay/compare';
import { shapeProblems, valueProblems } from '../../replay/compare';
import type { Exchange } from '../../replay/exchange';
import type { Reply } from '../../replay/send';

/** @internal */
export const GATEWAY_RULES: ValueRules = {
  own: new Set([
    // Of the server that was recorded.
    'commit_sha',
    'issued_at',
    'expire_at',
    'feature_flags',
    'intercom_hmac_digest',
    'show_origin_survey',
    'org_id',
    'created_at',
  ]),
  kinds: [
    ['uuid', /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/],
    ['rollout key', /^<rollout_api_key:\d+>$|^xapi-/],
    ['key', /^<hpk_key:\d+.*>$|^hpk_/],
    ['secret', /^<client_secret:\d+>$|^client-secret$/],
    ['password', /^<password>$|^right-password$/],
    ['client id', /^\w{40}$|^hoop$/],
  ],
  plain: text =>
    text
      .replace(/state=[0-9a-f-]{36}/, 'state=<state>')
      // The provider of some recordings was an authentik, with a client of its own.
      .replace(/127\.0\.0\.1:9000/g, '127.0.0.1:9400')
      .replace(/client_id=\w{40}/, 'client_id=hoop')
      .replace('/application/o/hoop-real/', '/application/o/hoop/'),
};

/** Everything in which an answer differs from the recorded one. @internal */
export function compareAnswers(
  { response, note }: Exchange,
  reply: Reply,
  recorded: (value: Json) => Json,
): string[] {
  if (reply.status !== response.status) {
    return [
      `status ${response.status} became ${reply.status} ${reply.body.slice(
        0,
        200,
      )}`,
    ];
  }
  const problems: string[] = [];
  for (const name of ['Content-Type', 'Location', 'Allow']) {
    const plain = (value: string | string[] | undefined) =>
      String(value ?? '').replace(/;.*$/, '');
    const before = plain(response.headers[name]);
    const now = plain(reply.headers[name.toLowerCase()]);
    if (before !== now) {
      problems.push(`${name} ${before} became ${now}`);
    }
  }
  const cookie = /^hoop_access_token=.*$/m.exec(note ?? '')?.[0];
  const [now = 'none'] = reply.headers['set-cookie'] ?? [];
  if (cookie && cookie !== now) {
    problems.push(`cookie ${cookie} became ${now}`);
  }
  const isJson = reply.headers['content-type']?.includes('json');
  const body = recorded(
    isJson && reply.body ? (JSON.parse(reply.body) as Json) : reply.body,
  );
  const wanted = response.body ?? '';
  const { feature_flags: _, ...shape } =
    typeof wanted === 'object' && !Array.isArray(wanted)
      ? wanted
      : { feature_flags: null };
  const isObject = Object.keys(shape).length > 0;
  const { feature_flags: _flags, ...actual } =
    typeof body === 'object' && body !== null && !Array.isArray(body)
      ? body
      : { feature_flags: null };
  return [
    ...problems,
    ...(isObject ? shapeProblems(shape, actual) : shapeProblems(wanted, body)),
    ...valueProblems(wanted, body, GATEWAY_RULES),
  ];
}
