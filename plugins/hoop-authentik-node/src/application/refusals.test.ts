import { AuthentikPermissionError } from '../systems/authentik';
import { explainPermissions } from './refusals';
import { FakeAuthentikClient } from './__testUtils__/FakeAuthentikClient';

const DELETE = 'authentik_core.delete_application';

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

  it('should name the refused permission, without another request', async () => {
    const failure = refused('DELETE was refused', DELETE);

    await expect(failure).rejects.toBeInstanceOf(AuthentikPermissionError);
    await expect(failure).rejects.toMatchObject({
      permission: DELETE,
      message: `DELETE was refused. The token of the authentik instance "default" lacks ${DELETE}. Grant it to the role of the service account (see docs/authentik-permissions.md of these plugins for the whole role).`,
    });
    expect(client.calls).toEqual([]);
  });

  it('should end the sentence of the server once', async () => {
    await expect(refused('You may not do this.')).rejects.toThrow(
      'You may not do this. The token of the authentik instance "default" lacks a permission. Grant it',
    );
  });
});
