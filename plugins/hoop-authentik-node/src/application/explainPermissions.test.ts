import { AuthentikPermissionError } from '../systems/authentik';
import { explainPermissions } from './explainPermissions';
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

  it('should pass results on without asking anything', async () => {
    await expect(explainPermissions(client, async () => 7)).resolves.toBe(7);
    expect(client.calls).toEqual([]);
  });

  it('should pass other failures on as they are, without asking anything', async () => {
    const failure = new Error('out of reach');

    await expect(
      explainPermissions(client, async () => {
        throw failure;
      }),
    ).rejects.toBe(failure);
    expect(client.calls).toEqual([]);
  });

  it('should name what was refused and everything else that is missing, each once', async () => {
    client.missingPermissions = [VIEW, 'authentik_flows.view_flow', VIEW];

    const failure = refused('DELETE was refused', DELETE);

    await expect(failure).rejects.toBeInstanceOf(AuthentikPermissionError);
    await expect(failure).rejects.toMatchObject({
      permission: DELETE,
      message: `DELETE was refused. The token of the authentik instance "default" lacks ${DELETE}, ${VIEW}, authentik_flows.view_flow. Grant it to the role of the service account (docs/authentik-permissions.md of these plugins lists the whole role).`,
    });
  });

  it('should end the sentence of the server once', async () => {
    await expect(refused('You may not do this.')).rejects.toThrow(
      'You may not do this. The token of the authentik instance "default" lacks a permission. Grant it',
    );
  });

  it('should still name what was refused when the rest cannot be found out', async () => {
    client.refused.add('findMissingPermissions');

    await expect(refused('DELETE was refused', DELETE)).rejects.toThrow(
      `lacks ${DELETE}. Grant it`,
    );
  });

  it('should ask with the signal of the caller', async () => {
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
