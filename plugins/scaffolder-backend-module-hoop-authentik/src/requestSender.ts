import type {
  AuthService,
  DiscoveryService,
} from '@backstage/backend-plugin-api';
import { isError } from '@backstage/errors';
import { HoopAuthentikClient } from 'backstage-plugin-hoop-authentik-common';
import type { ActionOptions } from './actions';

const PLUGIN_ID = 'hoop-authentik';
const TIMEOUT_MS = 30_000;

/** Sends requests over the API of the backend plugin, which checks what the user may ask for. @internal */
export function requestSender({
  auth,
  discovery,
}: {
  auth: AuthService;
  discovery: DiscoveryService;
}): ActionOptions['createRequest'] {
  return async (request, credentials) => {
    const { token } = await auth.getPluginRequestToken({
      onBehalfOf: credentials,
      targetPluginId: PLUGIN_ID,
    });
    const client = new HoopAuthentikClient({
      discoveryApi: discovery,
      fetchApi: {
        fetch: (input, init) =>
          fetch(input, {
            ...init,
            headers: { ...init?.headers, authorization: `Bearer ${token}` },
          }),
      },
    });
    try {
      return await client.createRequest(request, {
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
    } catch (error) {
      // What the backend says is for the reader of the task; that it was an HTTP answer is not.
      throw isError(error) && isError(error.cause) ? error.cause : error;
    }
  };
}
