import type { Json } from '../../json';
import { isJsonObject } from '../../json';
import type { ValueRules } from '../../replay/compare';
import { shapeProblems, sorted, valueProblems } from '../../replay/compare';
import type { Exchange } from '../../replay/exchange';
import type { Reply } from '../../replay/send';

const hash = '[bcdfghjklmnpqrstvwxz0-9]{8,10}';

/** @internal */
export const KUBERNETES_RULES: ValueRules = {
  own: new Set([
    'uid',
    'resourceVersion',
    'continue',
    'creationTimestamp',
    'deletionTimestamp',
    'time',
    'lastUpdateTime',
    'lastTransitionTime',
    'startedAt',
    'finishedAt',
    'startTime',
    'pod-template-hash',
    // Of the scripted kubelet, as the README of the recordings says.
    'containerID',
    'imageID',
    'nodeName',
    'hostIP',
    'podIP',
    'ip',
  ]),
  ordered: true,
  kinds: [
    ['rbac', /^RBAC: allowed by /],
    ['long', /^<trimmed: \d+ bytes>$|^[^]{4096,}$/],
  ],
  plain: text =>
    text
      .replace(
        new RegExp(`-${hash}(-[a-z0-9]{5})?(?=$|[^a-z0-9-]|-$)`),
        '-<hash>',
      )
      .replace(/version: \d+ \(\d+\)/, 'version: <old> (<oldest>)')
      .replace(/kube-api-access-[a-z0-9]{5}/, 'kube-api-access-<hash>'),
};

/** Entries of managedFields are ordered by their second first, which is chance here. */
function writerOf(entry: Json): string {
  return isJsonObject(entry)
    ? `${entry.manager} ${entry.subresource ?? ''}`
    : '';
}

/** Identifiers inside keys, as managedFields has them, are as much the server's own as those in values. */
function withPlainKeys(value: Json | undefined): Json | undefined {
  if (Array.isArray(value)) {
    return value.map(item => withPlainKeys(item) as Json);
  }
  return isJsonObject(value)
    ? Object.fromEntries(
        Object.entries(value).map(([key, member]) => [
          key.replace(/"uid":"[^"]+"/, '"uid":""'),
          key === 'managedFields' && Array.isArray(member)
            ? [...member]
                .sort((left, right) =>
                  writerOf(left) < writerOf(right) ? -1 : 1,
                )
                .map(entry => withPlainKeys(entry) as Json)
            : withPlainKeys(member),
        ]),
      )
    : value;
}

/** Some recordings leave managedFields out; there the answer is compared without them. */
function trimmed(
  recorded: Json | undefined,
  actual: Json | undefined,
): Json | undefined {
  if (Array.isArray(recorded) && Array.isArray(actual)) {
    return actual.map(
      (item, index) => trimmed(recorded[index] ?? recorded[0], item) as Json,
    );
  }
  return isJsonObject(recorded) && isJsonObject(actual)
    ? Object.fromEntries(
        Object.entries(actual)
          .filter(
            ([key]) =>
              !['managedFields', 'readinessProbe'].includes(key) ||
              key in recorded,
          )
          .map(([key, member]) => [key, trimmed(recorded[key], member)]),
      )
    : actual;
}

/** What a client decides by. Messages differ between versions, so only their presence counts, unless asked for. */
function essence(status: Json | undefined, withMessages: boolean): Json {
  if (!isJsonObject(status)) return status ?? null;
  const { details, message, metadata } = status;
  const causes = isJsonObject(details) ? details.causes : undefined;
  return {
    ...status,
    message: withMessages ? message : typeof message,
    metadata: isJsonObject(metadata) ? Object.keys(metadata) : null,
    ...(isJsonObject(details) && {
      details: {
        ...details,
        ...(Array.isArray(causes) && {
          causes: causes.map(cause =>
            isJsonObject(cause)
              ? {
                  ...cause,
                  message: withMessages ? cause.message : typeof cause.message,
                }
              : cause,
          ),
        }),
      },
    }),
  };
}

function headerProblems(exchange: Exchange, reply: Reply): string[] {
  return ['Content-Type', 'Retry-After', 'Warning', 'Allow'].flatMap(name => {
    const plain = (value: string | string[] | undefined) =>
      String(value ?? '').replace(/;.*$/, '');
    const recorded = plain(exchange.response.headers[name]);
    const actual = plain(reply.headers[name.toLowerCase()]);
    return recorded === actual ? [] : [`${name} ${recorded} became ${actual}`];
  });
}

/** The answer as the recordings have it: a watch is the list of its events. */
function bodyOf(exchange: Exchange, reply: Reply): Json {
  if (Array.isArray(exchange.response.body)) {
    return reply.body
      .split('\n')
      .filter(Boolean)
      .map(line => JSON.parse(line) as Json);
  }
  return reply.headers['content-type']?.includes('json')
    ? (JSON.parse(reply.body) as Json)
    : reply.body;
}

/** Everything in which an answer differs from the recorded one. @internal */
export function compareAnswers(
  exchange: Exchange,
  reply: Reply,
  options: { messages?: boolean; ignored?: string[] } = {},
): string[] {
  const { response } = exchange;
  if (reply.status !== response.status) {
    return [
      `status ${response.status} became ${reply.status} ${reply.body.slice(
        0,
        300,
      )}`,
    ];
  }
  const problems = headerProblems(exchange, reply);
  const recorded = withPlainKeys(response.body);
  const actual = trimmed(recorded, withPlainKeys(bodyOf(exchange, reply)));
  if (response.status >= 400 && isJsonObject(recorded)) {
    const plain = (body: Json | undefined) =>
      JSON.stringify(sorted(essence(body, options.messages === true)));
    return plain(recorded) === plain(actual)
      ? problems
      : [...problems, `error ${plain(recorded)} became ${plain(actual)}`];
  }
  const sequence = (events: Json | undefined) =>
    Array.isArray(events)
      ? events.map(event => isJsonObject(event) && event.type).join()
      : '';
  if (sequence(recorded) !== sequence(actual)) {
    return [
      ...problems,
      `events ${sequence(recorded)} became ${sequence(actual)}`,
    ];
  }
  return [
    ...problems,
    ...shapeProblems(recorded, actual),
    ...valueProblems(recorded, actual, {
      ...KUBERNETES_RULES,
      own: new Set([...KUBERNETES_RULES.own, ...(options.ignored ?? [])]),
    }),
  ];
}
