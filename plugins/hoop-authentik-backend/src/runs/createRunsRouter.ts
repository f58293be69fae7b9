import type { HttpAuthService } from '@backstage/backend-plugin-api';
import { InputError } from '@backstage/errors';
import type { HoopAuthentikService } from 'backstage-plugin-hoop-authentik-node';
import {
  accessGrantRecordSchema,
  createdObjectSchema,
  presentedRequestSchema,
  runEndSchema,
  runRequestSchema,
  storedSwitchSchema,
} from 'backstage-plugin-hoop-authentik-node/alpha';
import express from 'express';
import Router from 'express-promise-router';
import type { z } from 'zod';
import type { GrantStore } from '../grants';
import { reasonOf } from '../reasonOf';
import type { RequestTasks } from '../requests/RequestTasks';
import { parsed } from '../routes/request';
import type { RunIdentity, RunStore } from './RunStore';

/** Remembers runs. @internal */
export interface RunWitness {
  began(run: RunIdentity & z.output<typeof runRequestSchema>): Promise<void>;
  ended(run: RunIdentity, outcome: 'completed' | 'failed'): Promise<void>;
}

/**
 * The lease of each gateway, for the plugins of this portal that write to it; users cannot call it.
 *
 * @internal
 */
export function createRunsRouter({
  gateways,
  grants,
  httpAuth,
  present,
  store,
  witness,
}: {
  gateways: Pick<HoopAuthentikService, 'getGateway'>;
  grants: Pick<GrantStore, 'active' | 'put'>;
  httpAuth: HttpAuthService;
  /** Why a request does not allow what a task wants to do. */
  present: RequestTasks['present'];
  store: RunStore;
  witness: RunWitness;
}): express.Router {
  const router = Router();
  router.use(express.json({ limit: '16kb' }));
  router.use(async (req, _res, next) => {
    await httpAuth.credentials(req, { allow: ['service'] });
    next();
  });

  router.post('/presented', async (req, res) => {
    const presented = parsed(presentedRequestSchema, req.body);
    let reason: string | undefined;
    try {
      reason = await present(presented);
    } catch (error) {
      reason = `Whether the request allows this cannot be determined: ${reasonOf(
        error,
      )}`;
    }
    res.json({ allowed: reason === undefined, reason });
  });

  router.put('/:gateway/:runId', async (req, res) => {
    const run = identityOf(req.params);
    gateways.getGateway(run.gateway);
    const asked = parsed(runRequestSchema, req.body);
    const holder = await store.acquire({ ...run, ...asked });
    const isHeld = holder.runId === run.runId;
    if (isHeld) {
      await witness.began({ ...run, ...asked });
    }
    res.json({
      holder,
      created: isHeld ? await store.listCreated(run.gateway) : [],
      unverifiedSwitch: isHeld ? await store.getSwitch(run.gateway) : undefined,
      grants: isHeld ? await grants.active(run.gateway) : [],
    });
  });

  router.post('/:gateway/:runId/lease', async (req, res) => {
    res.json({ held: await store.renew(identityOf(req.params)) });
  });

  router.put('/:gateway/:runId/created', async (req, res) => {
    const object = parsed(createdObjectSchema, req.body);
    res.json({
      held: await store.addCreated(identityOf(req.params), object),
    });
  });

  router.delete('/:gateway/:runId/created', async (req, res) => {
    const object = parsed(createdObjectSchema, req.body);
    res.json({
      held: await store.removeCreated(identityOf(req.params), object),
    });
  });

  router.put('/:gateway/:runId/switch', async (req, res) => {
    const record = parsed(storedSwitchSchema, req.body);
    res.json({ held: await store.setSwitch(identityOf(req.params), record) });
  });

  router.delete('/:gateway/:runId/switch', async (req, res) => {
    res.json({
      held: await store.setSwitch(identityOf(req.params), undefined),
    });
  });

  router.put('/:gateway/:runId/grants', async (req, res) => {
    const run = identityOf(req.params);
    const grant = parsed(accessGrantRecordSchema, req.body);
    const held = await store.renew(run);
    if (held) {
      await grants.put(run.gateway, grant);
    }
    res.json({ held });
  });

  router.delete('/:gateway/:runId', async (req, res) => {
    const run = identityOf(req.params);
    await store.release(run);
    const { outcome } = parsed(runEndSchema, req.body);
    await witness.ended(run, outcome);
    res.json({ held: false });
  });

  return router;
}

const RUN_ID = /^[0-9a-f-]{36}$/;

function identityOf({ gateway, runId }: Record<string, string>) {
  if (!RUN_ID.test(runId)) {
    throw new InputError('Expected the id of a run as a UUID');
  }
  return { gateway, runId };
}
