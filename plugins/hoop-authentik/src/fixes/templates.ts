import { parseEntityRef } from '@backstage/catalog-model';
import type { ConfigApi } from '@backstage/frontend-plugin-api';
import type { JsonValue } from '@backstage/types';
import type { Fix, Integration } from 'backstage-plugin-hoop-authentik-common';

/** What a button can start: a fix of a problem, or the one thing that is never a fix. @internal */
export type TemplateAction = Fix['action'] | 'disconnect';

const DEFAULTS: Record<TemplateAction, string> = {
  connect: 'template:default/connect-gateway',
  repair: 'template:default/repair-gateway',
  restart: 'template:default/restart-gateway',
  rotate: 'template:default/rotate-gateway-secret',
  disconnect: 'template:default/disconnect-gateway',
  'restrict-access': 'template:default/restrict-access',
};

/** A template, and what its form is filled in with. @internal */
export interface FilledTemplate {
  namespace: string;
  name: string;
  formData: Record<string, JsonValue>;
}

/**
 * The template behind a button, by app-config, or nothing where there is none for gateways with this target.
 *
 * @internal
 */
export function templateFor(
  config: Pick<ConfigApi, 'getOptional'>,
  fix: Fix | { action: 'disconnect' },
  integration: Pick<Integration, 'entityRef' | 'gateway'>,
): FilledTemplate | undefined {
  const { gateway, entityRef } = integration;
  const ref = configuredRef(
    config.getOptional(`hoopAuthentik.templates.${fix.action}`),
    gateway.target,
    DEFAULTS[fix.action],
  );
  if (!ref) {
    return undefined;
  }
  const { namespace, name } = parseEntityRef(ref, {
    defaultKind: 'template',
    defaultNamespace: 'default',
  });
  return { namespace, name, formData: { entity: entityRef, ...inputsOf(fix) } };
}

function configuredRef(
  configured: unknown,
  target: string | undefined,
  byDefault: string,
): string | undefined {
  if (configured === undefined) {
    return byDefault;
  }
  if (typeof configured === 'string') {
    return configured;
  }
  if (typeof configured === 'object' && configured && target) {
    const ref = Object.entries(configured).find(([type]) => type === target);
    return typeof ref?.[1] === 'string' ? ref[1] : undefined;
  }
  return undefined;
}

function inputsOf(
  fix: Fix | { action: 'disconnect' },
): Record<string, JsonValue> {
  switch (fix.action) {
    case 'restrict-access':
      return fix.groups
        ? { bindings: fix.groups.map(group => ({ group })) }
        : {};
    case 'repair':
      return fix.newSigningKey ? { newSigningKey: true } : {};
    default:
      return {};
  }
}
