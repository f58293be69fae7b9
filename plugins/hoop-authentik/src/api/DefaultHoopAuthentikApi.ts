import {
  parseEntityRef,
  type CompoundEntityRef,
} from '@backstage/catalog-model';
import { ResponseError } from '@backstage/errors';
import type { FetchApi } from '@backstage/frontend-plugin-api';
import {
  integrationSchema,
  type Integration,
} from 'backstage-plugin-hoop-authentik-common';
import type { HoopAuthentikApi } from './HoopAuthentikApi';

/**
 * Reads from the `hoop-authentik` backend plugin of the same portal.
 *
 * @public
 */
export class DefaultHoopAuthentikApi implements HoopAuthentikApi {
  readonly #fetchApi: FetchApi;

  constructor(options: { fetchApi: FetchApi }) {
    this.#fetchApi = options.fetchApi;
  }

  /** {@inheritdoc HoopAuthentikApi.getIntegration} */
  async getIntegration(
    entityRef: CompoundEntityRef | string,
    options?: { signal?: AbortSignal },
  ): Promise<Integration> {
    const response = await this.#fetchApi.fetch(
      `plugin://hoop-authentik/integrations/by-entity/${entityPath(entityRef)}`,
      { signal: options?.signal },
    );
    if (!response.ok) {
      throw await ResponseError.fromResponse(response);
    }
    return parseIntegration(await response.json().catch(() => undefined));
  }
}

function entityPath(entityRef: CompoundEntityRef | string): string {
  const { kind, namespace, name } =
    typeof entityRef === 'string' ? parseEntityRef(entityRef) : entityRef;
  return [kind, namespace, name]
    .map(part => encodeURIComponent(part.toLocaleLowerCase('en-US')))
    .join('/');
}

/**
 * Keeps exactly the fields of the schema, so that nothing else a server may send reaches the page. The message names
 * the fields that do not fit and never their values.
 */
function parseIntegration(body: unknown): Integration {
  const result = integrationSchema.safeParse(body);
  if (result.success) {
    return result.data;
  }
  const fields = result.error.issues
    .map(issue => issue.path.join('.') || 'body')
    .join(', ');
  throw new Error(
    `The hoop-authentik backend answered in an unexpected form (${fields}); check that its version matches this plugin`,
  );
}
