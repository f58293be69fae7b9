import type { Application } from '../store/model';
import { mayUse } from '../store/access';
import type { Store } from '../store/store';
import { newUuid } from '../support/random';
import type { Json, JsonObject } from '../../json';
import { isJsonObject } from '../../json';
import type { Answer } from '../support/http';
import { htmlAnswer } from '../support/http';
import type { ApiRequest, Route } from './api';
import {
  ApiError,
  Crash,
  created,
  demand,
  invalid,
  noContent,
  notFound,
  ok,
  writing,
} from './api';
import type { Field } from './fields';
import { checkBody, choice, flag, listOf, numericKey, text } from './fields';
import { applicationList } from './applicationList';
import { applicationJson } from './serialize';
import { usedByApplication } from './usedBy';

const RESERVED = [
  'authorize',
  'token',
  'device',
  'userinfo',
  'introspect',
  'revoke',
];

function slugProblem(store: Store, slug: string): string | undefined {
  if (!/^[-a-zA-Z0-9_]+$/.test(slug)) {
    return store.modern
      ? 'Enter a valid “slug” consisting of letters, numbers, underscores or hyphens.'
      : 'Enter a valid "slug" consisting of letters, numbers, underscores or hyphens.';
  }
  return undefined;
}

const SCHEMES = ['http:', 'https:', 'blank:', 'ssh:', 'sftp:', 'ftp:', 'ftps:'];

function urlProblem(value: string): string | undefined {
  const known = SCHEMES.some(scheme => value.startsWith(`${scheme}//`));
  return known ? undefined : 'Enter a valid URL.';
}

const ICON_CHARACTERS =
  'File name can only contain letters (a-z, A-Z), numbers (0-9), dots (.), hyphens (-), underscores (_), forward slashes (/), and the placeholder %(theme)s for theme-specific files';

function iconProblem(value: string): string | undefined {
  if (/^(https?:\/\/|fa:\/\/|\/static\/)/.test(value)) return undefined;
  if (!/^[a-zA-Z0-9._/-]+$/.test(value.replace('%(theme)s', ''))) {
    return ICON_CHARACTERS;
  }
  if (value.split('/').includes('..')) {
    return "Parent directory references ('..') are not allowed";
  }
  return value.startsWith('/') ? 'Absolute paths are not allowed' : undefined;
}

/** Refuses what another application already has. */
function unique(
  store: Store,
  self: Application | undefined,
  member: 'slug' | 'provider',
  check: Field['check'],
): Field['check'] {
  return value => {
    const result = check(value);
    if ('errors' in result || result.value === null) return result;
    const taken = store.applications.some(
      one => one !== self && one[member] === result.value,
    );
    return taken
      ? { errors: [`Application with this ${member} already exists.`] }
      : result;
  };
}

function notReserved(check: Field['check']): Field['check'] {
  return value => {
    const result = check(value);
    return 'value' in result && RESERVED.includes(String(result.value))
      ? {
          errors: [
            `The slug '${result.value}' is reserved and cannot be used for applications.`,
          ],
        }
      : result;
  };
}

/** @internal */
export function applicationFields(
  store: Store,
  self?: Application,
): readonly Field[] {
  const slug = text({
    verify: value => slugProblem(store, value),
    max: store.modern ? undefined : 50,
  });
  const provider = numericKey(pk => Boolean(store.provider(pk)), {
    nullable: true,
  });
  const optional = (name: string): Field => ({
    name,
    check: text({ blank: true }),
    fallback: () => '',
  });
  return [
    { name: 'name', required: true, check: text() },
    {
      name: 'slug',
      required: true,
      check: notReserved(unique(store, self, 'slug', slug)),
    },
    {
      name: 'provider',
      check: unique(store, self, 'provider', provider),
      fallback: () => null,
    },
    {
      name: 'backchannel_providers',
      check: listOf(numericKey(pk => Boolean(store.provider(pk)))),
      fallback: () => [],
    },
    { name: 'open_in_new_tab', check: flag, fallback: () => false },
    {
      name: 'meta_launch_url',
      check: text({ blank: true, verify: urlProblem }),
      fallback: () => '',
    },
    // Older servers take icons only through an endpoint of their own.
    ...(store.modern
      ? [
          {
            name: 'meta_icon',
            check: text({ blank: true, verify: iconProblem }),
            fallback: () => '',
          },
          { name: 'meta_hide', check: flag, fallback: () => false },
        ]
      : []),
    optional('meta_description'),
    optional('meta_publisher'),
    {
      name: 'policy_engine_mode',
      check: choice(['all', 'any']),
      fallback: () => 'any',
    },
    optional('group'),
  ];
}

/** @internal */
export function insertApplication(
  store: Store,
  values: Record<string, unknown>,
): Application {
  const application = {
    pk: newUuid(),
    meta_icon: '',
    meta_hide: false,
    ...values,
  } as Application;
  store.applications.push(application);
  store.revision += 1;
  store.listCache.clear();
  return application;
}

function applicationOf(request: ApiRequest): Application {
  const application = request.store.applicationBySlug(request.params[0]);
  if (!application) throw notFound('Application');
  return application;
}

/** Without the right to view, a caller learns nothing, not even whether it exists. */
function visible(request: ApiRequest): Application {
  demand(request, 'authentik_core.view_application');
  return applicationOf(request);
}

async function create(request: ApiRequest): Promise<Answer> {
  const { store } = request;
  demand(request, 'authentik_core.add_application');
  const { values, errors } = checkBody(
    applicationFields(store),
    request.body(),
    { create: true },
  );
  if (errors) throw invalid(errors);
  await writing(store);
  if (store.applicationBySlug(String(values.slug))) {
    throw new Crash('the database refuses what was checked before');
  }
  return created(applicationJson(store, insertApplication(store, values)));
}

function change(request: ApiRequest, partial: boolean): Answer {
  const { store } = request;
  const application = visible(request);
  demand(request, 'authentik_core.change_application');
  const { values, errors } = checkBody(
    applicationFields(store, application),
    request.body(),
    { partial },
  );
  if (errors) throw invalid(errors);
  const before = applicationJson(store, application);
  Object.assign(application, values);
  store.revision += 1;
  const after = applicationJson(store, application);
  // The answer shows the provider as it was read, with the former name and slug.
  const stale = before.provider === after.provider ? before : after;
  return ok({ ...after, provider_obj: stale.provider_obj });
}

/** Another user may be asked about only by superusers; everybody else gets the own answer. */
function checkAccess(request: ApiRequest): Answer {
  const { store } = request;
  const application = applicationOf(request);
  let { user } = request;
  const forUser = request.query.get('for_user');
  if (forUser !== null && store.isSuperuser(user)) {
    if (!/^\d+$/.test(forUser)) {
      throw invalid({ for_user: 'for_user must be numerical' });
    }
    const other = store.user(Number(forUser));
    if (!other) throw invalid({ for_user: 'User not found' });
    user = other;
  }
  return ok({
    passing: mayUse(store, application, user),
    messages: [],
    log_messages: [],
  });
}

function setIconUrl(request: ApiRequest): Answer {
  const application = applicationOf(request);
  demand(request, 'authentik_core.change_application');
  const body: Json | undefined = request.body();
  const url = isJsonObject(body) ? body.url : undefined;
  if (typeof url !== 'string') return htmlAnswer(400, '');
  application.meta_icon = url;
  return ok({});
}

/**
 * Everything below `core/applications/`.
 *
 * @internal
 */
export function applicationRoutes(store: Store): Route[] {
  const routes: Route[] = [
    {
      path: 'core/applications/',
      methods: { GET: applicationList, POST: create },
    },
    {
      path: 'core/applications/([^/]+)/',
      methods: {
        GET: request => ok(applicationJson(request.store, visible(request))),
        PUT: request => change(request, false),
        PATCH: request => change(request, true),
        DELETE: async request => {
          const application = visible(request);
          demand(request, 'authentik_core.delete_application');
          // Whoever found it before it was gone is told that it is deleted.
          await writing(request.store);
          request.store.removeApplication(application);
          return noContent();
        },
      },
    },
    {
      path: 'core/applications/([^/]+)/check_access/',
      methods: { GET: checkAccess },
    },
    {
      path: 'core/applications/([^/]+)/used_by/',
      methods: {
        GET: (request): Answer => {
          const uses: JsonObject[] = usedByApplication(
            request,
            visible(request),
          );
          return ok(uses);
        },
      },
    },
  ];
  if (!store.modern) {
    routes.push({
      path: 'core/applications/([^/]+)/set_icon_url/',
      methods: {
        POST: request => {
          if (!store.applicationBySlug(request.params[0])) {
            throw new ApiError(404, {
              detail: 'No Application matches the given query.',
            });
          }
          return setIconUrl(request);
        },
      },
    });
  }
  return routes;
}
