import { isError } from '@backstage/errors';
import { sentence } from '../core';
import { AuthentikPermissionError } from '../systems/authentik';
import type {
  AuthentikBinding,
  AuthentikClient,
} from '../systems/authentik/types';
import type {
  OwnedApplication,
  OwnedKeyPair,
  OwnedProvider,
  OwnershipOptions,
} from './ownership';
import {
  deleteNewBinding,
  deleteOwnApplication,
  deleteOwnKeyPair,
  deleteOwnProvider,
} from './writes';

/** What a run has created so far. @internal */
export interface Created {
  application?: OwnedApplication;
  provider?: OwnedProvider;
  keyPair?: OwnedKeyPair;
  bindings: AuthentikBinding[];
}

/**
 * Removes what a run has created that did not come to its end: an application without its provider is useless, and so is a
 * provider without an application. Both stay where another writer has joined them; bindings go where a permission is
 * missing, since nothing of the change is wanted in part. Not cancelled with the task.
 *
 * @returns the error to report, which names what is left
 * @internal
 */
export async function takeBack(
  client: AuthentikClient,
  slug: string,
  { application, provider, keyPair, bindings }: Created,
  error: unknown,
  { run }: OwnershipOptions,
): Promise<unknown> {
  const left: string[] = [];
  const remove = async (what: string, removal: () => Promise<boolean>) => {
    // The token may be allowed to delete only some of them.
    await removal().catch(() => left.push(what));
  };
  const present =
    application || provider
      ? await client.getApplication(slug).catch(() => undefined)
      : undefined;
  const joined =
    present?.provider !== undefined && present.provider === provider?.object.pk;
  if (
    application &&
    present?.pk === application.object.pk &&
    present.provider === undefined
  ) {
    await remove(`the application "${slug}"`, () =>
      deleteOwnApplication(client, application, { run }),
    );
  } else if (error instanceof AuthentikPermissionError) {
    for (const binding of bindings) {
      await remove(`its new binding of order ${binding.order}`, () =>
        deleteNewBinding(client, binding),
      );
    }
  }
  if (provider && !joined) {
    await remove(`the provider "${provider.object.name}"`, () =>
      deleteOwnProvider(client, provider, { run }),
    );
  }
  if (keyPair && !joined) {
    await remove('its new certificate', () =>
      deleteOwnKeyPair(client, keyPair, { run }),
    );
  }
  return left.length > 0
    ? withRemark(error, `Left in authentik: ${left.join(', ')}.`)
    : error;
}

/** Adds a sentence to what an error says. @internal */
export function withRemark(error: unknown, remark: string): unknown {
  if (isError(error)) {
    error.message = `${sentence(error)} ${remark}`;
  }
  return error;
}
