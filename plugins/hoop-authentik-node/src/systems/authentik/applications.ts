import { type AuthentikApi, segment } from './AuthentikApi';
import {
  encodeApplication,
  encodeTransaction,
  type Transaction,
} from './encode';
import { PERMISSIONS } from './permissions';
import { applicationSchema, transactionSchema } from './schemas';
import type { CallOptions } from '../../core';
import type { AuthentikApplication, AuthentikApplicationFields } from './types';
import { isAtLeast } from './version';

const APPLICATIONS = 'core/applications/';

/** The series from which `meta_icon` can be written; the endpoint for icons was removed with it. */
const ICON_IN_APPLICATION = '2025.12';

/**
 * Applications, below `core/applications/`. The list there is never asked: it shows what the token's user may open, is
 * cached for a day, and ignores its filters (goauthentik/authentik#17064).
 *
 * @internal
 */
export class ApplicationEndpoints {
  readonly #api: AuthentikApi;
  readonly #version: (options?: CallOptions) => Promise<string>;

  constructor(
    api: AuthentikApi,
    version: (options?: CallOptions) => Promise<string>,
  ) {
    this.#api = api;
    this.#version = version;
  }

  async get(
    slug: string,
    options?: CallOptions,
  ): Promise<AuthentikApplication | undefined> {
    const path = `${APPLICATIONS}${segment(slug)}/`;
    const permission = PERMISSIONS.viewApplication;
    return this.#api.find({ path, permission, options }, applicationSchema);
  }

  async createWithProvider(
    request: Transaction,
    options?: CallOptions,
  ): Promise<{ applied: boolean }> {
    const sendIcon = await this.#sendsIcon(request.application, options);
    // The loser of a race is answered 200 and `applied: false`.
    const { applied } = await this.#api.write(
      {
        method: 'PUT',
        path: 'core/transactional/applications/',
        permission: PERMISSIONS.addApplication,
        body: encodeTransaction(request, sendIcon),
        secrets: [request.provider.clientSecret],
        options,
      },
      transactionSchema,
    );
    return { applied };
  }

  async create(
    fields: AuthentikApplicationFields & { name: string; slug: string },
    options?: CallOptions,
  ): Promise<AuthentikApplication> {
    return this.#api.write(
      {
        method: 'POST',
        path: APPLICATIONS,
        permission: PERMISSIONS.addApplication,
        body: encodeApplication(fields, await this.#sendsIcon(fields, options)),
        options,
      },
      applicationSchema,
    );
  }

  async update(
    slug: string,
    fields: AuthentikApplicationFields,
    options?: CallOptions,
  ): Promise<AuthentikApplication> {
    return this.#api.write(
      {
        method: 'PATCH',
        path: `${APPLICATIONS}${segment(slug)}/`,
        permission: PERMISSIONS.changeApplication,
        body: encodeApplication(fields, await this.#sendsIcon(fields, options)),
        options,
      },
      applicationSchema,
    );
  }

  async setIconUrl(
    slug: string,
    url: string,
    options?: CallOptions,
  ): Promise<void> {
    if (await this.#hasIconInApplication(options)) {
      await this.update(slug, { metaIcon: url }, options);
      return;
    }
    await this.#api.post({
      path: `${APPLICATIONS}${segment(slug)}/set_icon_url/`,
      permission: PERMISSIONS.changeApplication,
      body: { url },
      options,
    });
  }

  async delete(slug: string, options?: CallOptions): Promise<boolean> {
    const path = `${APPLICATIONS}${segment(slug)}/`;
    const permission = PERMISSIONS.deleteApplication;
    return this.#api.delete({ path, permission, options });
  }

  /** Asks for the version only where an icon is to be sent. */
  async #sendsIcon(
    fields: AuthentikApplicationFields,
    options: CallOptions | undefined,
  ): Promise<boolean> {
    return fields.metaIcon !== undefined && this.#hasIconInApplication(options);
  }

  async #hasIconInApplication(
    options: CallOptions | undefined,
  ): Promise<boolean> {
    return isAtLeast(await this.#version(options), ICON_IN_APPLICATION);
  }
}
