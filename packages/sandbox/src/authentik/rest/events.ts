import type { AuditEvent } from '../store/model';
import type { Store } from '../store/store';
import type { JsonObject } from '../../json';
import { isJsonObject } from '../../json';
import type { Route } from './api';
import { byPk, demand, DETAIL_WRITES, LIST_WRITES, ok } from './api';
import type { ListView } from './list';
import { demandChoice, listItems } from './list';

const ACTIONS = [
  'login',
  'login_failed',
  'logout',
  'user_write',
  'suspicious_request',
  'password_set',
  'secret_view',
  'secret_rotate',
  'invitation_used',
  'authorize_application',
  'source_linked',
  'impersonation_started',
  'impersonation_ended',
  'flow_execution',
  'policy_execution',
  'policy_exception',
  'property_mapping_exception',
  'system_task_execution',
  'system_task_exception',
  'system_exception',
  'configuration_error',
  'configuration_warning',
  'model_created',
  'model_updated',
  'model_deleted',
  'email_sent',
  'update_available',
];

function eventJson(store: Store, event: AuditEvent): JsonObject {
  return {
    pk: event.pk,
    user: event.user,
    action: event.action,
    app: event.app,
    context: event.context,
    client_ip: event.clientIp,
    created: event.created,
    expires: event.expires,
    brand: {
      pk: store.brandPk.replace(/-/g, ''),
      app: 'authentik_brands',
      name: 'Default brand',
      model_name: 'brand',
    },
  };
}

/** Written without dashes, and compared as written. */
function authorizedApplication(event: AuditEvent): string {
  const application = event.context.authorized_application;
  return isJsonObject(application) ? String(application.pk) : '';
}

function view(store: Store): ListView<AuditEvent> {
  return {
    exact: {
      context_authorized_app: authorizedApplication,
      username: event => String(event.user.username),
      client_ip: event => event.clientIp,
    },
    search: event => [
      event.action,
      event.app,
      String(event.user.username),
      event.clientIp,
    ],
    ordering: {
      created: event => event.created,
      action: event => event.action,
    },
    defaultOrder: '-created',
    model: 'authentik_events.event',
    serialize: event => eventJson(store, event),
  };
}

/** @internal */
export const eventRoutes: Route[] = [
  {
    path: 'events/events/',
    alsoAllows: LIST_WRITES,
    methods: {
      GET: request => {
        const { store, query } = request;
        demand(request, 'authentik_events.view_event');
        const actions = demandChoice(request, 'actions', ACTIONS);
        const part = query.get('action')?.toLowerCase() ?? '';
        const events = store.events.filter(
          event =>
            event.action.includes(part) &&
            (actions.length === 0 || actions.includes(event.action)),
        );
        return listItems(request, view(store), events);
      },
    },
  },
  {
    path: 'events/events/([^/]+)/',
    alsoAllows: DETAIL_WRITES,
    methods: {
      GET: request => {
        demand(request, 'authentik_events.view_event');
        const { store } = request;
        return ok(eventJson(store, byPk(request, store.events, 'Event')));
      },
    },
  },
];
