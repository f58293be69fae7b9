import { parseEntityRef } from '@backstage/catalog-model';
import {
  integrationStateSchema,
  type Integration,
} from 'backstage-plugin-hoop-authentik-common';
import { integrations } from '../src/__fixtures__/integrations';
import { responseError } from '../src/__fixtures__/responseError';
import type { HoopAuthentikApi } from '../src';

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
  ...Object.keys(FAILURES),
  'loading',
  'refresh-fails',
];

/** Answers by the name of the entity: a state, a failure, or never. */
export class FixtureApi implements HoopAuthentikApi {
  #requests = 0;

  async getIntegration(
    entityRef: Parameters<HoopAuthentikApi['getIntegration']>[0],
  ): Promise<Integration> {
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
    return {
      ...integrations[state],
      observedAt: new Date(Date.now() - 3 * 60_000).toISOString(),
    };
  }
}
