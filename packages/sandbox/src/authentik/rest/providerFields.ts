import type { Provider } from '../store/model';
import type { Store } from '../store/store';
import { randomString } from '../support/random';
import type { Json, JsonObject } from '../../json';
import { isJsonObject, pythonType } from '../../json';
import type { Field, FieldResult } from './fields';
import {
  checkBody,
  choice,
  flag,
  listOf,
  NOT_NULL,
  text,
  uuidKey,
} from './fields';

const DURATION_UNITS =
  /^(microseconds|milliseconds|seconds|minutes|hours|days|weeks)=-?\d+(\.\d+)?$/;

function durationProblem(value: string): string | undefined {
  return value.split(';').every(part => DURATION_UNITS.test(part.trim()))
    ? undefined
    : `${value} is not in the correct format of 'hours=3;minutes=1'.`;
}

const GRANTS = [
  'authorization_code',
  'implicit',
  'hybrid',
  'refresh_token',
  'client_credentials',
  'password',
  'urn:ietf:params:oauth:grant-type:device_code',
];

function grantTypes(value: Json): FieldResult {
  if (value === null) return { errors: [NOT_NULL] };
  if (!Array.isArray(value)) {
    return {
      errors: [`Expected a list of items but got type "${pythonType(value)}".`],
    };
  }
  if (value.length === 0) return { errors: ['This list may not be empty.'] };
  const wrong: JsonObject = {};
  value.forEach((item, index) => {
    const result = choice(GRANTS)(item);
    if ('errors' in result) wrong[index] = result.errors;
  });
  return Object.keys(wrong).length ? { errors: wrong } : { value };
}

function redirectUriFields(store: Store): Field[] {
  const fields: Field[] = [
    {
      name: 'matching_mode',
      required: true,
      check: choice(['strict', 'regex']),
    },
    { name: 'url', required: true, check: text() },
  ];
  if (store.modern) {
    fields.push({
      name: 'redirect_uri_type',
      check: choice(['authorization', 'logout']),
    });
  }
  return fields;
}

function validRegex(pattern: string): boolean {
  try {
    return Boolean(new RegExp(pattern));
  } catch {
    return false;
  }
}

function redirectUris(store: Store, partial: boolean): Field['check'] {
  return value => {
    if (value === null) return { errors: [NOT_NULL] };
    if (!Array.isArray(value)) {
      return {
        errors: {
          non_field_errors: [
            `Expected a list of items but got type "${pythonType(value)}".`,
          ],
        },
      };
    }
    const checked = value.map(item =>
      checkBody(redirectUriFields(store), item),
    );
    if (checked.some(one => one.errors)) {
      return { errors: checked.map(one => one.errors ?? {}) };
    }
    const uris = checked.map(one => ({
      ...(!partial && { redirect_uri_type: 'authorization' }),
      ...(one.values as { matching_mode: string; url: string }),
    }));
    const broken = uris.find(
      uri => uri.matching_mode === 'regex' && !validRegex(uri.url),
    );
    return broken
      ? { errors: [`Invalid Regex Pattern: ${broken.url}`] }
      : { value: uris };
  };
}

/** @internal */
export const NAME_TAKEN = 'provider with this name already exists.';

function uniqueText(
  check: Field['check'],
  taken: (value: string) => boolean,
  message: string,
): Field['check'] {
  return value => {
    const result = check(value);
    if ('errors' in result) return result;
    return taken(String(result.value)) ? { errors: [message] } : result;
  };
}

function duration(name: string, fallback: string): Field {
  return {
    name,
    check: text({ verify: durationProblem }),
    fallback: () => fallback,
  };
}

/** @internal */
export function providerFields(
  store: Store,
  self?: Provider,
  partial = false,
): readonly Field[] {
  const others = () => store.providers.filter(one => one !== self);
  const flow = (options = {}) =>
    uuidKey(pk => store.flows.some(one => one.pk === pk), options);
  const key = uuidKey(pk => store.keyPairs.some(one => one.pk === pk), {
    nullable: true,
  });
  return [
    {
      name: 'name',
      required: true,
      check: uniqueText(
        text(),
        name => others().some(one => one.name === name),
        NAME_TAKEN,
      ),
    },
    {
      name: 'authentication_flow',
      check: flow({ nullable: true }),
      fallback: () => null,
    },
    { name: 'authorization_flow', required: true, check: flow() },
    { name: 'invalidation_flow', required: true, check: flow() },
    {
      name: 'property_mappings',
      check: listOf(uuidKey(pk => store.mappings.some(one => one.pk === pk))),
      fallback: () => [],
    },
    {
      name: 'client_type',
      check: choice(['confidential', 'public']),
      fallback: () => 'confidential',
    },
    ...(store.modern
      ? [{ name: 'grant_types', check: grantTypes, fallback: () => [] }]
      : []),
    {
      name: 'client_id',
      check: uniqueText(
        text({ max: 255 }),
        id => others().some(one => one.client_id === id),
        'OAuth2/OpenID Provider with this Client ID already exists.',
      ),
      fallback: () => randomString(40),
    },
    {
      name: 'client_secret',
      check: text({ blank: true, max: 255 }),
      fallback: () => randomString(128),
    },
    duration('access_code_validity', 'minutes=1'),
    duration('access_token_validity', 'hours=1'),
    duration('refresh_token_validity', 'days=30'),
    duration('refresh_token_threshold', 'seconds=0'),
    { name: 'include_claims_in_id_token', check: flag, fallback: () => true },
    { name: 'signing_key', check: key, fallback: () => null },
    { name: 'encryption_key', check: key, fallback: () => null },
    {
      name: 'redirect_uris',
      required: true,
      check: redirectUris(store, partial),
    },
    {
      name: store.modern ? 'logout_uri' : 'backchannel_logout_uri',
      check: text({ blank: true }),
    },
    {
      name: 'logout_method',
      check: choice(['backchannel', 'frontchannel']),
    },
    {
      name: 'sub_mode',
      check: choice([
        'hashed_user_id',
        'user_id',
        'user_uuid',
        'user_username',
        'user_email',
        'user_upn',
      ]),
      fallback: () => 'hashed_user_id',
    },
    {
      name: 'issuer_mode',
      check: choice(['global', 'per_provider']),
      fallback: () => 'per_provider',
    },
  ];
}

/**
 * Turns checked members into a stored provider.
 *
 * @internal
 */
export function insertProvider(
  store: Store,
  values: Record<string, unknown>,
): Provider {
  const { backchannel_logout_uri: oldUri, ...rest } = values;
  return store.addProvider({
    kind: 'oauth2',
    logout_uri: String(oldUri ?? ''),
    logout_method: 'backchannel',
    jwt_federation_sources: [],
    jwt_federation_providers: [],
    // Older servers know no list of grants: everything is allowed.
    ...({ grant_types: GRANTS, ...rest } as CheckedProvider),
  });
}

/** What {@link providerFields} leaves in a checked body. */
type CheckedProvider = Omit<
  Provider,
  | 'pk'
  | 'kind'
  | 'logout_uri'
  | 'logout_method'
  | 'jwt_federation_sources'
  | 'jwt_federation_providers'
> &
  Partial<Pick<Provider, 'logout_uri' | 'logout_method'>>;

/** @internal */
export function updateProvider(
  store: Store,
  provider: Provider,
  values: Record<string, unknown>,
): void {
  const { backchannel_logout_uri: oldUri, ...rest } = values;
  Object.assign(provider, rest);
  if (oldUri !== undefined) provider.logout_uri = String(oldUri);
  store.remember(provider.client_secret);
  store.revision += 1;
}

/** @internal */
export function memberOf(body: unknown, name: string): Json | undefined {
  return isJsonObject(body) ? body[name] : undefined;
}
