import type { Store } from '../store/store';
import type { Route } from './api';
import { forbidden, ok } from './api';
import { ownUserJson } from './serialize';

const RELEASES = { '2026.8': '2026.8.0-rc1', '2025.10': '2025.10.0-rc1' };

function config(store: Store) {
  return {
    error_reporting: {
      enabled: false,
      sentry_dsn: 'https://sandbox.invalid/1',
      environment: 'sandbox',
      send_pii: false,
      traces_sample_rate: 0.1,
    },
    capabilities: store.modern
      ? [
          'can_save_media',
          'can_save_reports',
          'can_impersonate',
          'is_enterprise',
        ]
      : ['can_save_media', 'can_impersonate', 'is_enterprise'],
    cache_timeout: 300,
    cache_timeout_flows: 300,
    cache_timeout_policies: 300,
    ...(!store.modern && { cache_timeout_reputation: 0 }),
  };
}

/**
 * Who am I, which release is this, and how is it set up.
 *
 * @internal
 */
export const serverRoutes: Route[] = [
  {
    path: 'core/users/me/',
    methods: { GET: request => ok(ownUserJson(request.store, request.user)) },
  },
  {
    path: 'root/config/',
    open: true,
    methods: { GET: request => ok(config(request.store)) },
  },
  {
    path: 'admin/version/',
    methods: {
      GET: request => {
        const release = RELEASES[request.store.version];
        return ok({
          version_current: release,
          version_latest: release,
          version_latest_valid: true,
          build_hash: '',
          outdated: false,
          outpost_outdated: false,
        });
      },
    },
  },
  {
    path: 'admin/settings/',
    alsoAllows: ['PUT', 'PATCH'],
    methods: {
      GET: request => {
        const { store } = request;
        if (!store.isSuperuser(request.user)) throw forbidden();
        return ok({
          event_retention: 'days=365',
          default_token_duration: 'minutes=30',
          default_token_length: 60,
          ...(store.modern && {
            pagination_default_page_size: 20,
            pagination_max_page_size: 100,
            flags: { core_default_app_access: true },
          }),
        });
      },
    },
  },
];
