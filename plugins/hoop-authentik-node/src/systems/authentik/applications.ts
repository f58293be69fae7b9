import { z } from 'zod';
import type { CallOptions } from '../../core';
import type { AuthentikApi } from './AuthentikApi';
import { type AuthentikBindingFields, encodeSubject } from './bindings';
import { apiObject, encode, optional, optionalText, text } from './codec';
import { segment } from './names';
import { PERMISSIONS } from './permissions';
import {
  type AuthentikProviderFields,
  encodeProvider,
  OAUTH2_PROVIDER_MODEL,
} from './providers';

const APPLICATIONS = 'core/applications/';

/** The series from which `meta_icon` can be written; it also removed the separate icon endpoint. */
const ICON_IN_APPLICATION = '2025.12';

const applicationFields = {
  name: z.string(),
  slug: z.string(),
  /** Primary key of the provider, or `undefined` without one. */
  provider: optional(z.number()),
  group: text,
  policyEngineMode: z.string().default('any'),
  openInNewTab: z.boolean().default(false),
  metaLaunchUrl: text,
  /** Sent to servers from 2025.12; older ones need {@link AuthentikApplications.setApplicationIconUrl}. */
  metaIcon: text,
  metaDescription: text,
  metaPublisher: text,
  /** Absent on servers before 2026.5. */
  metaHide: optional(z.boolean()),
};

const applicationSchema = apiObject({
  /** UUID; the `target` of bindings. */
  pk: z.string(),
  ...applicationFields,
  providerObj: optional(apiObject({ metaModelName: optionalText })),
}).transform(({ providerObj, ...application }) => ({
  ...application,
  /** Type of the provider, such as `authentik_providers_oauth2.oauth2provider`. */
  providerModel: providerObj?.metaModelName,
}));

const transactionSchema = z.object({ applied: z.boolean() });

/**
 * The fields of an authentik application that the flow uses; names are authentik's, in camel case.
 *
 * @alpha
 */
export type AuthentikApplication = z.infer<typeof applicationSchema>;

/**
 * What can be set on an application; omitted members stay unchanged.
 *
 * @alpha
 */
export type AuthentikApplicationFields = Partial<
  Omit<
    z.output<z.ZodObject<typeof applicationFields>>,
    'provider' | 'policyEngineMode'
  >
> & {
  provider?: number | null;
  policyEngineMode?: 'any' | 'all';
};

/**
 * An application with its provider and bindings, created in one transaction.
 *
 * @alpha
 */
export interface AuthentikTransaction {
  application: AuthentikApplicationFields & { name: string; slug: string };
  provider: AuthentikProviderFields & { name: string };
  bindings: AuthentikBindingFields[];
}

/**
 * Applications, below `core/applications/`.
 *
 * @alpha
 */
export interface AuthentikApplications {
  /** By slug, case-sensitive; `undefined` if there is none. `GET /core/applications/{slug}/` */
  getApplication(
    slug: string,
    options?: CallOptions,
  ): Promise<AuthentikApplication | undefined>;
  /**
   * Application, provider and bindings in one transaction. `applied: false` if another writer won a race.
   * `PUT /core/transactional/applications/`
   */
  createApplicationWithProvider(
    request: AuthentikTransaction,
    options?: CallOptions,
  ): Promise<{ applied: boolean }>;
  /** `POST /core/applications/` */
  createApplication(
    fields: AuthentikApplicationFields & { name: string; slug: string },
    options?: CallOptions,
  ): Promise<AuthentikApplication>;
  /** `PATCH /core/applications/{slug}/` */
  updateApplication(
    slug: string,
    fields: AuthentikApplicationFields,
    options?: CallOptions,
  ): Promise<AuthentikApplication>;
  /**
   * Sets the icon on every version: `POST /core/applications/{slug}/set_icon_url/` before 2025.12, which removed that
   * endpoint, `metaIcon` of {@link AuthentikApplicationFields} from then on.
   */
  setApplicationIconUrl(
    slug: string,
    url: string,
    options?: CallOptions,
  ): Promise<void>;
  /** False if it did not exist. The provider stays. `DELETE /core/applications/{slug}/` */
  deleteApplication(slug: string, options?: CallOptions): Promise<boolean>;
}

/**
 * The list of applications is never read: it shows what the token's user may open, is cached for a day, and ignores its
 * filters (goauthentik/authentik#17064).
 *
 * @internal
 */
export function authentikApplications(
  api: AuthentikApi,
  getVersion: (options?: CallOptions) => Promise<string>,
): AuthentikApplications {
  const pathOf = (slug: string) => `${APPLICATIONS}${segment(slug)}/`;

  async function takesIcon(options?: CallOptions): Promise<boolean> {
    return isAtLeast(await getVersion(options), ICON_IN_APPLICATION);
  }

  async function encoded(
    fields: AuthentikApplicationFields,
    options?: CallOptions,
  ) {
    const { metaIcon, ...rest } = fields;
    // The version is only read when there is an icon to send.
    const sendIcon = metaIcon !== undefined && (await takesIcon(options));
    return encode(applicationFields, sendIcon ? fields : rest);
  }

  async function updateApplication(
    slug: string,
    fields: AuthentikApplicationFields,
    options?: CallOptions,
  ): Promise<AuthentikApplication> {
    return api.write(
      {
        method: 'PATCH',
        path: pathOf(slug),
        permission: PERMISSIONS.changeApplication,
        body: await encoded(fields, options),
        options,
      },
      applicationSchema,
    );
  }

  return {
    updateApplication,

    getApplication: async (slug, options) =>
      api.find(
        {
          path: pathOf(slug),
          permission: PERMISSIONS.viewApplication,
          options,
        },
        applicationSchema,
      ),

    createApplicationWithProvider: async (
      { application, provider, bindings },
      options,
    ) =>
      // The loser of a race receives 200 and `applied: false`.
      api.write(
        {
          method: 'PUT',
          path: 'core/transactional/applications/',
          permission: PERMISSIONS.addApplication,
          body: {
            app: await encoded(application, options),
            provider_model: OAUTH2_PROVIDER_MODEL,
            provider: encodeProvider(provider),
            // Omitted when empty: they need a permission of their own, and servers before 2024.12 do not know them.
            policy_bindings:
              bindings.length > 0 ? bindings.map(encodeSubject) : undefined,
          },
          secrets: [provider.clientSecret],
          options,
        },
        transactionSchema,
      ),

    createApplication: async (fields, options) =>
      api.write(
        {
          method: 'POST',
          path: APPLICATIONS,
          permission: PERMISSIONS.addApplication,
          body: await encoded(fields, options),
          options,
        },
        applicationSchema,
      ),

    setApplicationIconUrl: async (slug, url, options) => {
      if (await takesIcon(options)) {
        await updateApplication(slug, { metaIcon: url }, options);
        return;
      }
      await api.post({
        path: `${pathOf(slug)}set_icon_url/`,
        permission: PERMISSIONS.changeApplication,
        body: { url },
        options,
      });
    },

    deleteApplication: async (slug, options) =>
      api.delete({
        path: pathOf(slug),
        permission: PERMISSIONS.deleteApplication,
        options,
      }),
  };
}

/**
 * Whether a server belongs to a release series or a later one. Candidates count as their series, because its features
 * are merged before the first one. A version that cannot be read is a build from source and counts as the newest.
 *
 * @param version - as the server reports it, such as `2025.10.0-rc1`
 * @param series - such as `2025.12`
 * @internal
 */
export function isAtLeast(version: string, series: string): boolean {
  const [mine, least] = [version, series].map(spelling => {
    const [, year, month] = /^\s*(\d+)\.(\d+)/.exec(spelling) ?? [];
    return Number(year) * 100 + Number(month);
  });
  return Number.isNaN(mine) || mine >= least;
}
