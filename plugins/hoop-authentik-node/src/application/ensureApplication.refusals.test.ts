import { AuthentikServerError } from '../systems/authentik';
import { ensureApplication, previewApplication } from './ensureApplication';
import { FakeAuthentikClient } from './__testUtils__/FakeAuthentikClient';
import { CONTEXT, KEY_PAIRS } from './__testUtils__/serverObjects';
import { SPEC, STRICT } from './__testUtils__/specs';
import type { ApplicationSpec } from './spec';

describe('what ensureApplication refuses', () => {
  let client: FakeAuthentikClient;

  beforeEach(() => {
    client = new FakeAuthentikClient();
  });

  const ensure = (spec: ApplicationSpec = SPEC) =>
    ensureApplication(client, spec, CONTEXT);

  it('should refuse an application with another type of provider', async () => {
    const application = client.addApplication({ name: 'Hoop', slug: 'hoop' });
    application.provider = 9;
    application.providerModel = 'authentik_providers_saml.samlprovider';
    await expect(ensure()).rejects.toThrow(
      'The authentik application "hoop" on https://auth.company has a provider of type ' +
        'authentik_providers_saml.samlprovider; expected an OAuth2/OpenID provider.',
    );
    expect(client.writes).toEqual([]);
  });

  it('should refuse a provider of another application', async () => {
    const { pk } = client.addProvider({ name: 'Provider for Hoop' });
    client.addApplication({ name: 'Other', slug: 'other', provider: pk });
    await expect(ensure()).rejects.toThrow(
      'The authentik provider "Provider for Hoop" on https://auth.company already belongs to the application "other"',
    );
    expect(client.writes).toEqual([]);
  });

  it('should quote authentik about a name that a provider of another type has', async () => {
    client.otherProviders.push('Provider for Hoop');
    await expect(ensure()).rejects.toThrow(
      /an object of another type, .* has the name.*authentik answered: name: provider with this name already exists\./,
    );
    expect(client.applications).toEqual([]);
    expect(client.keyPairs).toEqual(KEY_PAIRS);
  });

  it.each([
    [
      { group: 'nope' },
      'no group named "nope"; it has "admin", "auditors", "developers".',
    ],
    [{ user: 'nope' }, 'no user named "nope". Create it there'],
    [{ policy: 'nope' }, 'no policy named "nope". Create it there'],
    [{}, 'Binding 1 must name exactly one of group, user and policy; found 0.'],
    [{ group: 'admin', user: 'jane' }, 'policy; found 2.'],
  ])('should refuse the binding %j', async (binding, message) => {
    await expect(ensure({ slug: 'hoop', bindings: [binding] })).rejects.toThrow(
      message,
    );
    expect(client.writes).toEqual([]);
  });

  it('should send no request for a slug that no server accepts', async () => {
    await expect(ensure({ slug: 'a b' })).rejects.toThrow('slug must be');
    expect(client.calls).toEqual([]);
  });

  it('should pass a missing permission on, and leave nothing', async () => {
    client.refused.add('createProvider');
    await expect(ensure()).rejects.toMatchObject({
      name: 'ServiceUnavailableError',
      message: expect.stringMatching(
        /^the token may not createProvider\. The token of the authentik instance "default" lacks a permission\. /,
      ),
    });
    expect(client.applications).toEqual([]);
    expect(client.bindings.length).toBe(0);
    expect(client.keyPairs).toHaveLength(KEY_PAIRS.length);
  });

  it('should take new bindings back where a change is refused', async () => {
    const { pk } = client.addProvider({
      name: 'Provider for Hoop',
      redirectUris: [STRICT],
    });
    client.addApplication({ name: 'Old', slug: 'hoop', provider: pk });
    client.refused.add('updateApplication');
    await expect(
      ensure({ slug: 'hoop', name: 'New', bindings: [{ group: 'admin' }] }),
    ).rejects.toThrow('the token may not updateApplication.');
    expect(client.bindings).toEqual([]);
  });

  it('should name what it could not take back', async () => {
    client.refused.add('createBinding').add('deleteApplication');
    await expect(
      ensure({ slug: 'hoop', bindings: [{ group: 'admin' }] }),
    ).rejects.toThrow(
      'the token may not createBinding. Left in authentik: the application "hoop". The token',
    );
    expect(client.providers).toEqual([]);
  });

  it('should say who lacks a permission in a preview too', async () => {
    client.refused.add('listFlows');
    await expect(previewApplication(client, SPEC, CONTEXT)).rejects.toThrow(
      'the token may not listFlows. The token of the authentik instance "default" lacks a permission.',
    );
  });

  it('should report a server error when no concurrent run created the pair', async () => {
    const failure = new AuthentikServerError('server error');
    client.createApplication = async () => {
      throw failure;
    };
    await expect(ensure()).rejects.toBe(failure);
  });

  it('should not repeat a change that fails with a server error', async () => {
    await ensure();
    client.applications[0].name = 'Other';
    const failure = new AuthentikServerError('server error');
    let tries = 0;
    client.updateApplication = async () => {
      tries++;
      throw failure;
    };
    await expect(ensure()).rejects.toBe(failure);
    expect(tries).toBe(1);
  });
});
