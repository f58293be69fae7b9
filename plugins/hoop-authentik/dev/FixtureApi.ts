import { parseEntityRef } from '@backstage/catalog-model';
import {
  HoopAuthentikClient,
  integrationStateSchema,
  type EntityReference,
  type RememberedIntegration,
} from 'backstage-plugin-hoop-authentik-common';
import { access, history } from '../src/__fixtures__/evidence';
import {
  brokenIntegration,
  integrations,
  openIntegration,
} from '../src/__fixtures__/integrations';
import { responseError } from '../src/__fixtures__/responseError';

/** Names of entities that make {@link FixtureApi} answer with something else than an integration. */
const FAILURES = {
  forbidden: () => responseError(403, 'NotAllowedError', 'Unauthorized'),
  'unknown-gateway': () =>
    responseError(
      404,
      'NotFoundError',
      'No gateway named production is declared under hoopAuthentik.gateways',
    ),
  unavailable: () =>
    responseError(
      503,
      'ServiceUnavailableError',
      'The integrations are not observed yet, try again in a moment',
    ),
};

/** Every entity name that shows something of its own. */
export const SCENARIOS = [
  ...integrationStateSchema.options,
  'open',
  'broken',
  ...Object.keys(FAILURES),
  'loading',
  'refresh-fails',
];

const FURTHER: Record<string, RememberedIntegration> = {
  open: openIntegration,
  broken: brokenIntegration,
};

/** Answers by the name of the entity: a state, a failure, or never. Nothing else is answered. */
export class FixtureApi extends HoopAuthentikClient {
  #requests = 0;

  constructor() {
    super({
      fetchApi: { fetch: async () => new Response('', { status: 501 }) },
    });
  }

  async getIntegration(
    entityRef: EntityReference,
  ): Promise<RememberedIntegration> {
    const { name } =
      typeof entityRef === 'string' ? parseEntityRef(entityRef) : entityRef;
    this.#requests += 1;

    if (name === 'loading') {
      return new Promise(() => {});
    }
    if (name === 'refresh-fails' && this.#requests > 1) {
      throw await FAILURES.unavailable();
    }
    const fail = Object.entries(FAILURES).find(([key]) => key === name)?.[1];
    if (fail) {
      throw await fail();
    }
    const state = integrationStateSchema.catch('connected').parse(name);
    const at = new Date(Date.now() - 3 * 60_000).toISOString();
    return {
      ...(FURTHER[name] ?? integrations[state]),
      observedAt: at,
      checkedAt: at,
    };
  }

  async getAccess() {
    return access;
  }

  async getHistory() {
    return history;
  }
}
