import type {
  AuditorService,
  HttpAuthService,
} from '@backstage/backend-plugin-api';
import {
  newRequestSchema,
  requestDecisionSchema,
  requestQuerySchema,
  requestRetrySchema,
  type AccessRequest,
} from 'backstage-plugin-hoop-authentik-common';
import express from 'express';
import Router from 'express-promise-router';
import type { RequestService } from '../requests/RequestService';
import { answering, audited, parsed, type Caller } from './request';

/** Longer than any request that fits its schema. */
const LONGEST_BODY = '16kb';

/** `/requests`. @internal */
export function requestRoutes(options: {
  auditor: AuditorService;
  httpAuth: HttpAuthService;
  requests: RequestService;
}): express.Router {
  const { auditor, httpAuth, requests } = options;
  const router = Router();
  router.use(express.json({ limit: LONGEST_BODY }));

  router.get(
    '/',
    answering(httpAuth, (req, caller) =>
      requests.list(parsed(requestQuerySchema, req.query), caller),
    ),
  );

  router.post(
    '/',
    answering(httpAuth, async (req, caller) => {
      const asked = parsed(newRequestSchema, req.body);
      const { kind, entityRef } = asked;
      return audited(
        auditor,
        {
          eventId: 'request-create',
          request: req,
          severityLevel: 'low',
          meta: { kind, entityRef },
        },
        () => requests.create(asked, caller),
        ({ request, created }) => ({ ...subjectOf(request), created }),
      );
    }),
  );

  router.get(
    '/:id',
    answering(httpAuth, (req, caller) => requests.get(req.params.id, caller)),
  );

  const change = (
    path: string,
    eventId: string,
    act: (
      id: string,
      body: unknown,
      caller: Caller,
    ) => { meta?: object; run: () => Promise<AccessRequest> },
  ) =>
    router.post(
      `/:id/${path}`,
      answering(httpAuth, async (req, caller) => {
        const { id } = req.params;
        const { meta, run } = act(id, req.body, caller);
        return audited(
          auditor,
          {
            eventId,
            request: req,
            severityLevel: 'medium',
            meta: { requestId: id, ...meta },
          },
          run,
          subjectOf,
        );
      }),
    );

  change('decision', 'request-decide', (id, body, caller) => {
    const decision = parsed(requestDecisionSchema, body);
    return {
      meta: { decision: decision.decision },
      run: () => requests.decide(id, decision, caller),
    };
  });
  change('retry', 'request-retry', (id, body, caller) => {
    const retry = parsed(requestRetrySchema, body);
    return { run: () => requests.retry(id, retry, caller) };
  });
  change('withdrawal', 'request-withdraw', (id, _, caller) => ({
    run: () => requests.withdraw(id, caller),
  }));
  change('revocation', 'request-revoke', (id, _, caller) => ({
    run: () => requests.revoke(id, caller),
  }));

  return router;
}

/** What the audit log says of a request: who asked, who decided, about what. */
function subjectOf(request: AccessRequest) {
  return {
    requestId: request.id,
    kind: request.kind,
    entityRef: request.entityRef,
    gateway: request.gateway.name,
    application: request.application,
    requester: request.requester,
    ...(request.decidedBy ? { approver: request.decidedBy } : {}),
    ...(request.subject ? { subject: request.subject.ref } : {}),
    state: request.state,
    ...(request.taskId ? { taskId: request.taskId } : {}),
  };
}
