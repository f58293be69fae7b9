import { stringifyEntityRef, type Entity } from '@backstage/catalog-model';
import {
  ANNOTATION_AUTHENTIK_APPLICATION,
  ANNOTATION_HOOP_GATEWAY,
  type GatewaySummary,
  type IntegrationSummary,
} from 'backstage-plugin-hoop-authentik-common';

/** Why a gateway cannot be chosen. @internal */
export type Unusable = 'undeclared' | 'forbidden' | 'target' | 'noEntity';

/** What a template asks of the gateways that it is for. @internal */
export interface GatewayNeeds {
  targets?: readonly string[];
  manage?: boolean;
}

/** One row of the picker of gateways. @internal */
export interface GatewayChoice {
  /** The entity, or the gateway where it has none. */
  value: string;
  title: string;
  gateway: string;
  /** Slug of the application, where the entity names one. */
  application?: string;
  /** Its state, where the viewer may see it. */
  summary?: IntegrationSummary;
  target?: string;
  unusable?: Unusable;
}

/**
 * The gateways to choose from, the usable ones first; pure.
 *
 * @param known - `integrations` and `manageable` are absent where the backend could not be asked: then nothing is known to
 *   be unusable
 * @param needs - `targets`: types of targets that the template can work with, all by default; `manage`: whether it changes
 *   the gateway, which takes the permission, and is the default
 * @internal
 */
export function gatewayChoices(
  known: {
    entities: readonly Entity[];
    integrations?: readonly IntegrationSummary[];
    manageable?: readonly GatewaySummary[];
  },
  needs: GatewayNeeds = {},
): GatewayChoice[] {
  const { entities, integrations = [], manageable } = known;
  const { targets, manage = true } = needs;
  const attached = entities.map((entity): GatewayChoice => {
    const { annotations = {}, name, title } = entity.metadata;
    const value = stringifyEntityRef(entity);
    const gateway = annotations[ANNOTATION_HOOP_GATEWAY];
    const summary = integrations.find(one => one.entityRef === value);
    const managed = manageable?.find(one => one.name === gateway);
    const target = managed?.targetType ?? summary?.gateway.targetType;
    return {
      value,
      title: title ?? managed?.title ?? name,
      gateway,
      application: annotations[ANNOTATION_AUTHENTIK_APPLICATION],
      summary,
      target,
      unusable: unusable({
        summary,
        mayManage: !manage || !manageable || Boolean(managed),
        target,
        targets,
      }),
    };
  });
  const named = new Set(attached.map(({ gateway }) => gateway));
  const unattached = (manageable ?? [])
    .filter(({ name }) => !named.has(name))
    .map(
      ({ name, title, targetType }): GatewayChoice => ({
        value: name,
        title,
        gateway: name,
        target: targetType,
        unusable: 'noEntity',
      }),
    );
  return [...attached, ...unattached].sort(
    (a, b) =>
      Number(Boolean(a.unusable)) - Number(Boolean(b.unusable)) ||
      a.title.localeCompare(b.title),
  );
}

function unusable(known: {
  summary?: IntegrationSummary;
  mayManage: boolean;
  target?: string;
  targets?: readonly string[];
}): Unusable | undefined {
  const { summary, mayManage, target, targets } = known;
  if (summary && !summary.gateway.url) {
    return 'undeclared';
  }
  if (!mayManage) {
    return 'forbidden';
  }
  return targets && target && !targets.includes(target) ? 'target' : undefined;
}
