import {
  stringifyEntityRef,
  type CompoundEntityRef,
} from '@backstage/catalog-model';
import { NotFoundError } from '@backstage/errors';
import {
  hoopAuthentikAccessReadPermission,
  type Access,
  type AccessGrant,
} from 'backstage-plugin-hoop-authentik-common';
import {
  AuthentikPermissionError,
  resolveGateway,
  type CallOptions,
  type DesiredIntegration,
  type HoopAuthentikService,
} from 'backstage-plugin-hoop-authentik-node';
import {
  isInForce,
  leadsTo,
  type AuthentikApplication,
  type AuthentikBinding,
  type AuthentikClient,
} from 'backstage-plugin-hoop-authentik-node/alpha';
import type { CallerOptions } from './IntegrationService';
import type { Permits } from './Permits';

/** Members of a group that are listed; all of them are counted. */
const MOST_MEMBERS = 100;

/** Groups whose members are read. */
const MOST_GROUPS = 20;

/** Sign-ins that are listed. */
const MOST_SIGN_INS = 20;

/**
 * Who may sign in to the gateway of an entity, and who did. Read when asked for, and remembered nowhere.
 *
 * @internal
 */
export class AccessService {
  readonly #gateways: HoopAuthentikService;
  readonly #permits: Permits;

  constructor(options: { gateways: HoopAuthentikService; permits: Permits }) {
    this.#gateways = options.gateways;
    this.#permits = options.permits;
  }

  async getByEntity(
    ref: CompoundEntityRef,
    { credentials, signal }: CallerOptions,
  ): Promise<Access> {
    const entity = await this.#permits.requireEntity(
      ref,
      hoopAuthentikAccessReadPermission,
      credentials,
    );
    const { gateway, desired } = resolveGateway(this.#gateways, {
      entity: {
        ref: stringifyEntityRef(entity),
        annotations: entity.metadata.annotations,
      },
    });
    const { authentik } = gateway.systems;
    const call: CallOptions = { signal, lane: 'reader' };
    const application = await authentik.getApplication(
      desired.application.slug,
      call,
    );
    if (!application) {
      return {
        everyone: false,
        mode: 'any',
        grants: [],
        observedAt: new Date().toISOString(),
      };
    }
    await refuseForeign(authentik, application, desired, call);
    const [bindings, signIns] = await Promise.all([
      authentik.listBindings(application.pk, call),
      unlessRefused(authentik.listSignIns(application.pk, MOST_SIGN_INS, call)),
    ]);
    return {
      everyone: !bindings.some(one => isInForce(one, new Date())),
      mode: application.policyEngineMode === 'all' ? 'all' : 'any',
      grants: await Promise.all(
        bindings.map((binding, index) =>
          grantOf(authentik, binding, { members: index < MOST_GROUPS, call }),
        ),
      ),
      ...(signIns ? { signIns } : {}),
      observedAt: new Date().toISOString(),
    };
  }
}

/** The author of an entity may name any application; who has access to one that does not lead here is not shown. */
async function refuseForeign(
  authentik: Pick<AuthentikClient, 'getProvider'>,
  { provider: pk }: AuthentikApplication,
  { application, redirectUri }: DesiredIntegration,
  call: CallOptions,
): Promise<void> {
  if (application.isConfigured) {
    return;
  }
  const provider =
    pk === undefined ? undefined : await authentik.getProvider(pk, call);
  if (!(provider && leadsTo(provider, redirectUri))) {
    throw new NotFoundError(
      `The application "${application.slug}" is not of this gateway`,
    );
  }
}

async function grantOf(
  authentik: Pick<AuthentikClient, 'findGroupMembers'>,
  binding: AuthentikBinding,
  options: { members: boolean; call: CallOptions },
): Promise<AccessGrant> {
  const { enabled, negate, expires } = binding;
  const common = { enabled, negate, ...(expires ? { expires } : {}) };
  if (binding.group === undefined) {
    return binding.user === undefined
      ? {
          kind: 'policy',
          name: binding.policyName ?? binding.policy ?? 'unknown',
          ...common,
        }
      : {
          kind: 'user',
          name: binding.username ?? `${binding.user}`,
          ...common,
        };
  }
  const group =
    options.members && binding.groupName !== undefined
      ? await unlessRefused(
          authentik.findGroupMembers(binding.groupName, options.call),
        )
      : undefined;
  return {
    kind: 'group',
    name: binding.groupName ?? binding.group,
    ...common,
    ...(group
      ? {
          memberCount: group.members.length,
          members: group.members
            .slice(0, MOST_MEMBERS)
            .map(({ username, isActive }) => ({ username, active: isActive })),
        }
      : {}),
  };
}

/** What the token may not read is left out. */
async function unlessRefused<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof AuthentikPermissionError) {
      return undefined;
    }
    throw error;
  }
}
