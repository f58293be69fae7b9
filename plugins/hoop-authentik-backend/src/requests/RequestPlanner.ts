import { createHash } from 'node:crypto';
import { InputError, isError } from '@backstage/errors';
import type { RequestPlan } from 'backstage-plugin-hoop-authentik-common';
import {
  configureGateway,
  resolveGateway,
  type CallOptions,
  type HoopAuthentikService,
  type PlanLine,
} from 'backstage-plugin-hoop-authentik-node';
import {
  grantAccess,
  previewApplication,
  type AccessGrant,
} from 'backstage-plugin-hoop-authentik-node/alpha';
import type { StoredRequest } from './store';

/** Of what a flow refuses on purpose. */
const REFUSALS = ['InputError', 'NotFoundError'];

/**
 * What carrying out a request would change now; reads only.
 *
 * @internal
 */
export class RequestPlanner {
  readonly #gateways: HoopAuthentikService;
  readonly #grantsOf: (gateway: string) => Promise<AccessGrant[]>;

  constructor(options: {
    gateways: HoopAuthentikService;
    /** The grants of a gateway that have not ended. */
    grantsOf: (gateway: string) => Promise<AccessGrant[]>;
  }) {
    this.#gateways = options.gateways;
    this.#grantsOf = options.grantsOf;
  }

  /** @throws ServiceUnavailableError where a system does not answer */
  async plan(request: StoredRequest, call?: CallOptions): Promise<RequestPlan> {
    let found: Pick<RequestPlan, 'changes' | 'notes' | 'refusal'>;
    try {
      found =
        request.kind === 'connect'
          ? await this.#planConnection(request, call)
          : await this.#planAccess(request, call);
    } catch (error) {
      if (!(isError(error) && REFUSALS.includes(error.name))) {
        throw error;
      }
      found = { changes: [], notes: [], refusal: error.message };
    }
    return { ...found, digest: digestOf(request, found) };
  }

  async #planConnection(request: StoredRequest, call?: CallOptions) {
    const { gateway, desired } = this.#resolve(request);
    const grants = await this.#grantsOf(request.gateway.name);
    const options = { ...call, lane: 'reader' as const };
    const [application, settings] = await Promise.all([
      previewApplication(
        gateway.systems.authentik,
        {
          slug: desired.application.slug,
          bindings: request.groups.map(group => ({ group })),
        },
        {
          ...gateway.applicationContext(),
          granted: grants.map(({ binding }) => binding),
        },
        options,
      ),
      configureGateway(gateway.systems, desired, {
        ...options,
        dryRun: true,
        log: () => {},
      }),
    ]);
    return {
      changes: [...application.changes, ...settings.changes].map(lineOf),
      notes: application.notes,
    };
  }

  async #planAccess(
    { gateway: { name }, subject, until, ...request }: StoredRequest,
    call?: CallOptions,
  ) {
    if (until !== undefined && Date.parse(until) <= Date.now()) {
      throw new InputError(
        `The access was to end on ${until}, which has passed. Ask again with a later date.`,
      );
    }
    const { gateway, claim } = this.#resolve({ ...request, gateway: { name } });
    const { changes } = await grantAccess(
      gateway.systems.authentik,
      claim,
      {
        request: request.id,
        [subject?.kind ?? 'group']: subject?.name,
        until,
      },
      {
        ...call,
        lane: 'reader',
        grants: await this.#grantsOf(name),
        dryRun: true,
      },
    );
    return { changes: changes.map(lineOf), notes: [] };
  }

  #resolve({
    gateway,
    application,
  }: Pick<StoredRequest, 'application'> & { gateway: { name: string } }) {
    return resolveGateway(this.#gateways, {
      gateway: gateway.name,
      application,
    });
  }
}

function lineOf({ object, field, from, to }: PlanLine): PlanLine {
  return { object, field, from, to };
}

/** The same for the same changes of the same request. */
function digestOf(
  { id }: StoredRequest,
  { changes, refusal }: Pick<RequestPlan, 'changes' | 'refusal'>,
): string {
  return createHash('sha256')
    .update(JSON.stringify([id, changes, refusal ?? '']))
    .digest('base64url');
}
