import { AuthentikPermissionError } from '../systems/authentik';
import { explainPermissions } from './refusals';
import { FakeAuthentikClient } from './__testUtils__/FakeAuthentikClient';

const DELETE = 'authentik_core.delete_application';
const VIEW = 'authentik_core.view_application';

describe('explainPermissions', () => {
  let client: FakeAuthentikClient;

  beforeEach(() => {
    client = new FakeAuthentikClient();
  });

  const refused = (message: string, permission?: string) =>
    explainPermissions(client, async () => {
      throw new AuthentikPermissionError(message, permission);
    });

  it('should return results without another request', async () => {
    await expect(explainPermissions(client, async () => 7)).resolves.toBe(7);
    expect(client.calls).toEqual([]);
  });

  it('should throw other failures unchanged, without another request', async () => {
    const failure = new Error('out of reach');

    await expect(
      explainPermissions(client, async () => {
        throw failure;
      }),
    ).rejects.toBe(failure);
    expect(client.calls).toEqual([]);
  });

  it('should name the refused permission and all other missing ones, each once', async () => {
    client.missingPermissions = [VIEW, 'authentik_flows.view_flow', VIEW];

    const failure = refused('DELETE was refused', DELETE);

    await expect(failure).rejects.toBeInstanceOf(AuthentikPermissionError);
    await expect(failure).rejects.toMatchObject({
      permission: DELETE,
      message: `DELETE was refused. The token of the authentik instance "default" lacks ${DELETE}, ${VIEW}, authentik_flows.view_flow. Grant it to the role of the service account (see docs/authentik-permissions.md of these plugins for the whole role).`,
    });
  });

  it('should end the sentence of the server once', async () => {
    await expect(refused('You may not do this.')).rejects.toThrow(
      'You may not do this. The token of the authentik instance "default" lacks a permission. Grant it',
    );
  });

  it('should name the refused permission even if the others cannot be determined', async () => {
    client.refused.add('findMissingPermissions');

    await expect(refused('DELETE was refused', DELETE)).rejects.toThrow(
      `lacks ${DELETE}. Grant it`,
    );
  });

  it('should use the signal of the caller', async () => {
    client.missingPermissions = [VIEW];

    await expect(
      explainPermissions(
        client,
        async () => {
          throw new AuthentikPermissionError('DELETE was refused', DELETE);
        },
        { signal: AbortSignal.abort() },
      ),
    ).rejects.toThrow(`lacks ${DELETE}. Grant it`);
    expect(client.calls).toEqual([]);
  });
});
