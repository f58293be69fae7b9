import {
  createExternalRouteRef,
  createRouteRef,
} from '@backstage/core-plugin-api';

/** The tab "Access" of an entity page. @internal */
export const accessTabRouteRef = createRouteRef({
  id: 'hoop-authentik.access',
});

/** The page of all gateways. @internal */
export const gatewaysRouteRef = createRouteRef({
  id: 'hoop-authentik.gateways',
});

/** Where a card leads for all checks: the tab, wherever the app has put it. @internal */
export const checksRouteRef = createExternalRouteRef({
  id: 'hoop-authentik.checks',
  optional: true,
  defaultTarget: 'hoop-authentik.access',
});

/** Where the card leads for a request: the page of all gateways. @internal */
export const requestsRouteRef = createExternalRouteRef({
  id: 'hoop-authentik.requests',
  optional: true,
  defaultTarget: 'hoop-authentik.gateways',
});

/** The form of a software template. @internal */
export const templateRouteRef = createExternalRouteRef({
  id: 'hoop-authentik.template',
  params: ['namespace', 'templateName'],
  optional: true,
  defaultTarget: 'scaffolder.selectedTemplate',
});

/** A running task of the scaffolder. @internal */
export const taskRouteRef = createExternalRouteRef({
  id: 'hoop-authentik.task',
  params: ['taskId'],
  optional: true,
  defaultTarget: 'scaffolder.ongoingTask',
});
