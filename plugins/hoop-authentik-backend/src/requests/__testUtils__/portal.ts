import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { resolve } from 'node:path';
import {
  coreServices,
  createServiceFactory,
  type BackendFeature,
} from '@backstage/backend-plugin-api';
import {
  mockCredentials,
  mockServices,
  startTestBackend,
} from '@backstage/backend-test-utils';
import type { Entity } from '@backstage/catalog-model';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { notificationService } from '@backstage/plugin-notifications-node';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import makeKnex, { type Knex } from 'knex';
import request from 'supertest';
import { parse } from 'yaml';
import { hoopAuthentikPlugin } from '../../plugin';
import { UPKEEP_TASK } from '../startRequests';

/** A notification as it was sent. */
interface Sent {
  recipients: { entityRef?: string | string[] };
  payload: { title: string; description?: string; link?: string };
}

/** How a template ended, and all that was said of it: the log of its task, or why the form was refused. @internal */
export interface Scaffolded {
  status: string;
  text: string;
}

/** A portal with the plugin, and what it told people. @internal */
export interface Portal {
  sent: Sent[];
  /** Everything that was logged, audited or announced. */
  emitted: unknown[];
  /** What the scheduler runs each minute. */
  upkeep(): Promise<void>;
  as(user: string): {
    get(path: string): request.Test;
    post(path: string, body?: object): request.Test;
    /** Starts a template, and waits for the end of its task. */
    scaffold(template: string, values: object): Promise<Scaffolded>;
  };
  stop(): Promise<void>;
}

const DENY = { result: AuthorizeResult.DENY } as const;
const ALLOW = { result: AuthorizeResult.ALLOW } as const;

/** A person of the catalog. @internal */
export function userEntity(name: string, annotations = {}): Entity {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'User',
    metadata: { name, namespace: 'default', annotations },
    spec: { profile: { displayName: name } },
  };
}

/** @internal */
export function groupEntity(name: string, namespace = 'default'): Entity {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Group',
    metadata: { name, namespace },
    spec: { type: 'team', children: [] },
  };
}

/** An entity of a gateway. @internal */
export function gatewayEntity(
  name: string,
  gateway: string,
  owner = 'group:default/sre',
): Entity {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Resource',
    metadata: {
      name,
      namespace: 'default',
      annotations: { 'hoop.dev/gateway': gateway },
    },
    relations: [{ type: 'ownedBy', targetRef: owner }],
  };
}

/** A template of this repository. @internal */
export function templateEntity(name: string): Entity {
  const file = resolve(
    __dirname,
    `../../../../../templates/${name}/template.yaml`,
  );
  const entity: Entity = parse(readFileSync(file, 'utf8'));
  entity.metadata.namespace = 'default';
  return entity;
}

/**
 * @param options - `groups`: of each user; `denies`: whether the policy denies a permission to a user
 * @internal
 */
export async function startPortal(options: {
  config: object;
  entities: Entity[];
  features?: BackendFeature[];
  groups: Record<string, string[]>;
  denies?: (permission: string, user: string) => boolean;
  knex: Knex;
}): Promise<Portal> {
  const { config, entities, features = [], groups, denies, knex } = options;
  const sent: Sent[] = [];
  const emitted: unknown[] = [];
  const record = (...args: unknown[]) => {
    emitted.push(args);
  };
  const logger = mockServices.rootLogger.mock({
    debug: record,
    info: record,
    warn: record,
    error: record,
    child: () => logger,
  });
  let upkeep: ((signal: AbortSignal) => unknown) | undefined;
  const decide = (
    requests: ReadonlyArray<{ permission: { name: string } }>,
    principal: unknown,
  ) =>
    requests.map(({ permission }) =>
      denies?.(permission.name, Object(principal).userEntityRef ?? '')
        ? DENY
        : ALLOW,
    );
  // Not closed: other plugins may still ask it when the backend stops.
  const another = () =>
    makeKnex({
      client: 'better-sqlite3',
      connection: ':memory:',
      useNullAsDefault: true,
    });
  const backend = await startTestBackend({
    features: [
      hoopAuthentikPlugin,
      ...features,
      logger.factory,
      mockServices.rootConfig.factory({ data: { ...config } }),
      mockServices.permissions.mock({
        authorize: async (requests, { credentials }: any) =>
          decide(requests, credentials.principal),
        authorizeConditional: async (requests, { credentials }: any) =>
          decide(requests, credentials.principal),
      }).factory,
      mockServices.userInfo.mock({
        getUserInfo: async credentials => {
          const { userEntityRef } = (credentials as any).principal;
          return {
            userEntityRef,
            ownershipEntityRefs: [
              userEntityRef,
              ...(groups[userEntityRef.split('/')[1]] ?? []),
            ],
          };
        },
      }).factory,
      mockServices.auditor.mock({
        createEvent: async event => {
          const { request: _, ...recorded } = event;
          record('event', recorded);
          return {
            success: async outcome => record('success', event.eventId, outcome),
            fail: async outcome => record('fail', event.eventId, outcome),
          };
        },
      }).factory,
      mockServices.scheduler.mock({
        scheduleTask: async ({ id, fn }) => {
          if (id === UPKEEP_TASK) {
            upkeep = fn as typeof upkeep;
          }
        },
      }).factory,
      createServiceFactory({
        service: notificationService,
        deps: {},
        factory: () => ({
          send: async (one: any) => {
            sent.push(one);
            record('notification', one);
          },
        }),
      }),
      catalogServiceMock.factory({ entities }),
      createServiceFactory({
        service: coreServices.database,
        deps: { plugin: coreServices.pluginMetadata },
        factory: ({ plugin }) => ({
          getClient: async () =>
            plugin.getId() === 'hoop-authentik' ? knex : another(),
          migrations: { skip: false },
        }),
      }),
    ],
  });
  return {
    sent,
    emitted,
    upkeep: async () => {
      await upkeep?.(new AbortController().signal);
    },
    as: user => {
      const header = mockCredentials.user.header(`user:default/${user}`);
      const url = (path: string) => `/api/hoop-authentik/${path}`;
      return {
        get: path =>
          request(backend.server).get(url(path)).set('authorization', header),
        post: (path, body = {}) =>
          request(backend.server)
            .post(url(path))
            .set('authorization', header)
            .send(body),
        scaffold: async (template, values) => {
          const tasks = '/api/scaffolder/v2/tasks';
          const { body, text, status } = await request(backend.server)
            .post(tasks)
            .set('authorization', header)
            .send({ templateRef: `template:default/${template}`, values });
          if (status >= 400) {
            return { status: `refused with ${status}`, text };
          }
          for (;;) {
            const task = await request(backend.server)
              .get(`${tasks}/${body.id}`)
              .set('authorization', header);
            if (!['open', 'processing'].includes(task.body.status)) {
              const events = await request(backend.server)
                .get(`${tasks}/${body.id}/events`)
                .set('authorization', header);
              return { status: task.body.status, text: events.text };
            }
            await sleep(250);
          }
        },
      };
    },
    stop: () => backend.stop(),
  };
}
