import { randomUUID } from 'node:crypto';
import { Router } from 'express';
import { authenticated, Caller, sendMessage } from '../authentication';
import { ApiKey, GatewayUser } from '../database';
import { GatewayInstance } from '../instance';
import { missingFields, recordAt, stringList } from './body';

function roleOf(instance: GatewayInstance, groups: string[]): string {
  if (instance.isAdmin(groups)) {
    return 'admin';
  }
  return instance.isAuditor(groups) ? 'auditor' : 'standard';
}

function describeUser(instance: GatewayInstance, user: GatewayUser) {
  return {
    id: user.subject,
    name: user.name,
    email: user.email,
    status: user.status,
    verified: user.verified,
    // A list knows no auditors.
    role: instance.isAdmin(user.groups) ? 'admin' : 'standard',
    slack_id: '',
    picture: '',
    groups: user.groups,
  };
}

function describeCaller(instance: GatewayInstance, caller: Caller) {
  return {
    id: caller.subject,
    name: caller.name,
    email: caller.email,
    status: 'active',
    verified: true,
    role: roleOf(instance, caller.groups),
    slack_id: '',
    picture: '',
    groups: caller.groups,
    is_admin: instance.isAdmin(caller.groups),
    is_multitenant: instance.env.ORG_MULTI_TENANT === 'true',
    tenancy_type:
      instance.env.ORG_MULTI_TENANT === 'true' ? 'multitenant' : 'selfhosted',
    org_id: instance.database.organization.id,
    org_name: instance.database.organization.name,
    org_license: '',
    feature_ask_ai: 'unavailable',
    webapp_users_management:
      instance.env.WEBAPP_USERS_MANAGEMENT === 'off' ? 'off' : 'on',
    intercom_hmac_digest: '',
    default_protection_profile: null,
    show_origin_survey: false,
    show_setup_checklist: instance.isAdmin(caller.groups),
  };
}

function describeKey(key: ApiKey) {
  const { key: _secret, ...rest } = key;
  return rest;
}

function statusOf(value: unknown): GatewayUser['status'] | undefined {
  return value === 'active' || value === 'inactive' || value === 'invited'
    ? value
    : undefined;
}

/** @internal */
export function userRoutes(instance: GatewayInstance): Router {
  const { database } = instance;
  const router = Router({ strict: true });
  router.get(
    '/userinfo',
    authenticated(instance, 'any', (_req, res, caller) => {
      res.json(describeCaller(instance, caller));
    }),
  );
  router.get(
    '/users',
    authenticated(instance, 'any', (_req, res) => {
      const users = [...database.users].sort((left, right) =>
        left.email < right.email ? 1 : -1,
      );
      res.json(users.map(user => describeUser(instance, user)));
    }),
  );
  router.post(
    '/users',
    authenticated(instance, 'admin', (req, res) => {
      const body = recordAt(req.body);
      const missing = missingFields('User', { Email: body.email });
      if (missing || typeof body.email !== 'string') {
        sendMessage(res, 400, missing ?? 'json: cannot unmarshal');
        return;
      }
      if (database.userByEmail(body.email)) {
        sendMessage(res, 409, `user already exists with email ${body.email}`);
        return;
      }
      const isLocal = instance.environmentMethod === 'local';
      const user = database.addUser({
        subject: isLocal ? body.email : randomUUID(),
        email: body.email,
        name: typeof body.name === 'string' ? body.name : body.email,
        status: isLocal ? 'active' : statusOf(body.status) ?? 'invited',
        verified: isLocal,
        groups: stringList(body.groups),
        ...(typeof body.password === 'string'
          ? { password: body.password }
          : {}),
      });
      // The answer alone has another id, no role and the password.
      res.status(201).json({
        ...describeUser(instance, user),
        id: user.id,
        role: '',
        ...(user.password === undefined ? {} : { password: user.password }),
      });
    }),
  );
  const find = (id: string) =>
    database.users.find(one => one.subject === id || one.email === id);
  router.get(
    '/users/groups',
    authenticated(instance, 'any', (_req, res) => {
      res.json([...new Set(database.users.flatMap(user => user.groups))]);
    }),
  );
  router.get(
    '/users/:id',
    authenticated(instance, 'any', (req, res) => {
      const user = find(req.params.id);
      if (user) {
        res.json(describeUser(instance, user));
      } else {
        sendMessage(res, 404, `user ${req.params.id} not found`);
      }
    }),
  );
  router.put(
    '/users/:id',
    authenticated(instance, 'admin', (req, res) => {
      const user = find(req.params.id);
      if (!user) {
        sendMessage(res, 404, `user ${req.params.id} not found`);
        return;
      }
      const body = recordAt(req.body);
      const missing = missingFields('User', { Email: body.email });
      if (missing) {
        sendMessage(res, 400, missing);
        return;
      }
      user.status = statusOf(body.status) ?? user.status;
      user.groups = Array.isArray(body.groups)
        ? stringList(body.groups)
        : user.groups;
      user.name = typeof body.name === 'string' ? body.name : user.name;
      res.json(describeUser(instance, user));
    }),
  );
  return router;
}

/** @internal */
export function apiKeyRoutes(instance: GatewayInstance): Router {
  const { database } = instance;
  const router = Router({ strict: true });
  router.get(
    '/api-keys',
    authenticated(instance, 'admin', (_req, res) => {
      res.json(database.apiKeys.map(describeKey));
    }),
  );
  router.post(
    '/api-keys',
    authenticated(instance, 'admin', (req, res) => {
      const { name, groups } = recordAt(req.body);
      if (typeof name !== 'string' || name === '') {
        sendMessage(res, 422, 'name is required');
        return;
      }
      const key = database.addApiKey(name, stringList(groups));
      // The only answer that ever shows the key.
      res.status(201).json(key);
    }),
  );
  router.delete(
    '/api-keys/:id',
    authenticated(instance, 'admin', (req, res) => {
      const key = database.apiKeys.find(
        candidate => candidate.id === req.params.id,
      );
      if (!key) {
        sendMessage(res, 404, 'resource not found');
        return;
      }
      key.status = 'revoked';
      res.status(204).end();
    }),
  );
  return router;
}
