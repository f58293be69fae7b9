import type { AuthService } from '@backstage/backend-plugin-api';
import { stringifyEntityRef, type Entity } from '@backstage/catalog-model';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import {
  ANNOTATION_AUTHENTIK_GROUP,
  ANNOTATION_AUTHENTIK_USERNAME,
  type RequestSubject,
} from 'backstage-plugin-hoop-authentik-common';
import type {
  CallOptions,
  Gateway,
} from 'backstage-plugin-hoop-authentik-node';
import type { RequestsConfig } from './config';
import type { Requester } from './Requester';

type Authentik = Gateway['systems']['authentik'];

/** Groups of one user that are looked up. */
const MOST_GROUPS = 50;

/**
 * Whom a user may ask access for: the groups that the catalog counts the user to, and the user, as far as authentik has them.
 *
 * @internal
 */
export class Subjects {
  readonly #auth: Pick<AuthService, 'getOwnServiceCredentials'>;
  readonly #catalog: Pick<CatalogService, 'getEntitiesByRefs'>;
  readonly #config: Pick<RequestsConfig, 'groupsBy' | 'usersBy'>;

  constructor(options: {
    auth: Pick<AuthService, 'getOwnServiceCredentials'>;
    catalog: Pick<CatalogService, 'getEntitiesByRefs'>;
    config: Pick<RequestsConfig, 'groupsBy' | 'usersBy'>;
  }) {
    this.#auth = options.auth;
    this.#catalog = options.catalog;
    this.#config = options.config;
  }

  /**
   * @param wanted - only these, where given; one that is none of the user's is left out
   */
  async of(
    requester: Requester,
    authentik: Authentik,
    call: CallOptions,
    wanted?: readonly string[],
  ): Promise<RequestSubject[]> {
    const refs = [requester.user, ...requester.ownershipRefs.filter(isGroup)]
      .filter((ref, index, all) => all.indexOf(ref) === index)
      .filter(ref => wanted?.includes(ref) ?? true)
      .slice(0, MOST_GROUPS);
    if (refs.length === 0) {
      return [];
    }
    const { items } = await this.#catalog.getEntitiesByRefs(
      {
        entityRefs: refs,
        fields: ['kind', 'metadata', 'spec.profile'],
      },
      { credentials: await this.#auth.getOwnServiceCredentials() },
    );
    const found = await Promise.all(
      items.map(async entity => {
        if (!entity) {
          return [];
        }
        const isUser = entity.kind.toLocaleLowerCase('en-US') === 'user';
        const name = isUser
          ? await this.#userName(entity, authentik, call)
          : await this.#groupName(entity, authentik, call);
        return name === undefined
          ? []
          : [
              {
                kind: isUser ? ('user' as const) : ('group' as const),
                ref: stringifyEntityRef(entity),
                title: titleOf(entity),
                name,
              },
            ];
      }),
    );
    return found.flat();
  }

  async #groupName(
    entity: Entity,
    authentik: Authentik,
    call: CallOptions,
  ): Promise<string | undefined> {
    const { annotations, name, namespace = 'default' } = entity.metadata;
    // Groups of other namespaces may have the same name.
    const byName = namespace === 'default' ? name : undefined;
    const wanted =
      this.#config.groupsBy === 'annotation'
        ? annotations?.[ANNOTATION_AUTHENTIK_GROUP]
        : byName;
    return wanted ? (await authentik.findGroup(wanted, call))?.name : undefined;
  }

  async #userName(
    entity: Entity,
    authentik: Authentik,
    call: CallOptions,
  ): Promise<string | undefined> {
    if (this.#config.usersBy === 'annotation') {
      const name = entity.metadata.annotations?.[ANNOTATION_AUTHENTIK_USERNAME];
      const user = name ? await authentik.findUser(name, call) : undefined;
      return user?.isActive ? user.username : undefined;
    }
    const email = emailOf(entity);
    const users = email ? await authentik.listUsersByEmail(email, call) : [];
    const active = users.filter(({ isActive }) => isActive);
    // Of two with one address it is not certain who asks.
    return active.length === 1 ? active[0].username : undefined;
  }
}

function isGroup(ref: string): boolean {
  return ref.startsWith('group:');
}

function profileOf({ spec }: Entity): Record<string, unknown> {
  return Object(Object(spec).profile);
}

function emailOf(entity: Entity): string | undefined {
  const { email } = profileOf(entity);
  return typeof email === 'string' && email.includes('@') ? email : undefined;
}

function titleOf(entity: Entity): string {
  const { displayName } = profileOf(entity);
  const { title, name } = entity.metadata;
  return typeof displayName === 'string' && displayName
    ? displayName
    : title ?? name;
}
