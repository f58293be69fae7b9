import type { Application } from '../store/model';
import { mayUse } from '../store/access';
import type { Store } from '../store/store';
import type { Answer } from '../support/http';
import type { ApiRequest } from './api';
import type { ListView } from './list';
import { listAnswer, listItems, narrow, paginate } from './list';
import { applicationJson, launchUrl } from './serialize';

function view(store: Store): ListView<Application> {
  return {
    exact: {
      name: app => app.name,
      slug: app => app.slug,
      group: app => app.group,
      meta_launch_url: app => app.meta_launch_url,
      meta_description: app => app.meta_description,
      meta_publisher: app => app.meta_publisher,
    },
    search: app => [
      app.name,
      app.slug,
      app.meta_launch_url,
      app.meta_description,
      app.meta_publisher,
      app.group,
    ],
    ordering: {
      name: app => app.name,
      slug: app => app.slug,
      group: app => app.group,
    },
    defaultOrder: 'name',
    serialize: app => applicationJson(store, app),
  };
}

/** Newer servers look the cached applications up again, so deleted ones vanish. */
function fromCache(store: Store, cached: Application[]): Application[] {
  return store.modern
    ? cached.flatMap(
        old => store.applications.find(app => app.pk === old.pk) ?? [],
      )
    : cached;
}

/**
 * The list that cannot be trusted: without the full list of superusers it is cached per user and
 * page, whatever the filters say, while `count` belongs to the filtered query.
 *
 * @internal
 */
export function applicationList(request: ApiRequest): Answer {
  const { store, query, user } = request;
  const superuser = store.isSuperuser(user);
  const asked = (name: string) => query.get(name)?.toLowerCase() === 'true';
  if (asked('superuser_full_list') && superuser) {
    return listItems(request, view(store), store.applications);
  }
  const shown = store.applications.filter(app => !app.meta_hide);
  const page = paginate(request, narrow(request, view(store), shown));

  const forUser = Number(query.get('for_user') ?? NaN);
  const other = superuser ? store.user(forUser) : undefined;
  let allowed: Application[];
  if (query.get('search') || other) {
    allowed = page.items.filter(app => mayUse(store, app, other ?? user));
  } else {
    const key = `${user.pk}/${page.number}`;
    const cached = store.listCache.get(key);
    if (cached?.length) {
      allowed = fromCache(store, cached);
    } else {
      allowed = page.items.filter(app => mayUse(store, app, user));
      store.listCache.set(
        key,
        allowed.map(app => ({ ...app })),
      );
    }
  }
  if (asked('only_with_launch_url')) {
    allowed = allowed.filter(app => launchUrl(store, app));
  }
  return listAnswer(
    page,
    allowed.map(app => applicationJson(store, app)),
  );
}
