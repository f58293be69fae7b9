import { ensureApplication } from './ensureApplication';
import { FakeAuthentikClient } from './__testUtils__/FakeAuthentikClient';
import { CONTEXT } from './__testUtils__/serverObjects';
import { SPEC } from './__testUtils__/specs';
import { recordsInMemory } from './records';
import type { ApplicationSpec } from './spec';

describe('ensureApplication', () => {
  let client: FakeAuthentikClient;

  beforeEach(() => {
    client = new FakeAuthentikClient();
  });

  const ensure = (spec: ApplicationSpec = SPEC, signal?: AbortSignal) =>
    ensureApplication(client, spec, CONTEXT, { signal });

  describe('where the transaction is not permitted', () => {
    beforeEach(() => {
      client.refused.add('createApplicationWithProvider');
    });

    it('should create the provider first, then the application', async () => {
      const ensured = await ensure({ slug: 'hoop' });
      expect(client.writes).toEqual(['createProvider', 'createApplication']);
      expect(ensured.writes).toBe(2);
      expect((await ensure({ slug: 'hoop' })).writes).toBe(0);
    });

    it('should not leave a provider behind when the application is refused', async () => {
      client.refused.add('createApplication');
      await expect(ensure()).rejects.toThrow('may not createApplication');
      expect(client.providers).toEqual([]);
    });

    it('should report the first failure when the provider cannot be deleted either', async () => {
      client.refused.add('createApplication').add('deleteProvider');
      await expect(ensure()).rejects.toThrow('may not createApplication');
    });

    it('should keep a provider that another writer has joined', async () => {
      let once = true;
      client.onWrite = method => {
        if (method === 'createProvider' && once) {
          once = false;
          client.addApplication({
            name: 'Hoop',
            slug: 'hoop',
            provider: client.providers[0].pk,
          });
        }
      };
      const ensured = await ensure({ slug: 'hoop' });
      expect(client.providers).toHaveLength(1);
      expect(client.applications).toMatchObject([
        { provider: client.providers[0].pk },
      ]);
      expect(ensured.providerId).toBe(client.providers[0].pk);
    });

    it('should keep both when only the icon is refused', async () => {
      client.version = '2025.10.0';
      client.refused.add('setApplicationIconUrl');
      await expect(
        ensure({ slug: 'hoop', icon: 'https://hoop.company/icon.png' }),
      ).rejects.toThrow('may not setApplicationIconUrl');
      expect(client.applications).toMatchObject([
        { provider: client.providers[0].pk },
      ]);
    });
  });

  describe('where app-config does not name the application', () => {
    const context = { ...CONTEXT, claimedApplication: undefined };
    const spec: ApplicationSpec = {
      slug: 'hoop',
      bindings: [{ group: 'admin' }],
    };

    it('should continue a creation that was cut off, which its record proves to be ours', async () => {
      const run = recordsInMemory();
      client.refused
        .add('createApplicationWithProvider')
        .add('createBinding')
        .add('deleteApplication')
        .add('deleteProvider');
      await expect(
        ensureApplication(client, spec, context, { run }),
      ).rejects.toThrow('may not createBinding');
      expect(client.applications).toMatchObject([{ provider: undefined }]);
      client.refused.clear();

      await expect(ensureApplication(client, spec, context)).rejects.toThrow(
        'it has no provider, so nothing shows whose it is',
      );
      await ensureApplication(client, spec, context, { run });

      expect(client.providers).toHaveLength(1);
      expect(client.applications).toMatchObject([
        { provider: client.providers[0].pk },
      ]);
    });

    it('should not delete an application that another system has created meanwhile', async () => {
      client.refused.add('createApplicationWithProvider');
      client.onWrite = method => {
        if (method === 'createProvider') {
          client.addApplication({ name: 'Payroll', slug: 'hoop' });
        }
      };
      const run = recordsInMemory();

      await expect(
        ensureApplication(client, spec, context, { run }),
      ).rejects.toThrow('it has no provider, so nothing shows whose it is');

      expect(client.applications).toMatchObject([{ name: 'Payroll' }]);
      expect(client.providers).toEqual([]);
      expect(client.writes).toEqual(['createProvider', 'deleteProvider']);
      expect(run.created).toEqual([]);
    });

    it('should adopt in a second run what the first one has created', async () => {
      await ensureApplication(client, spec, context);
      const again = await ensureApplication(client, spec, context);
      expect(again.writes).toBe(0);
    });
  });

  describe('when it is cancelled', () => {
    const reason = new Error('cancelled by the user');

    it('should do nothing before the first write', async () => {
      await expect(ensure(SPEC, AbortSignal.abort(reason))).rejects.toBe(
        reason,
      );
      expect(client.writes).toEqual([]);
    });

    it('should not leave a provider behind', async () => {
      const controller = new AbortController();
      client.refused.add('createApplicationWithProvider');
      client.onWrite = () => controller.abort(reason);
      await expect(ensure(SPEC, controller.signal)).rejects.toBe(reason);
      expect(client.writes).toEqual(['createProvider', 'deleteProvider']);
      expect(client.providers).toEqual([]);
    });

    it('should stop between bindings, and finish when it is run again', async () => {
      await ensure({ slug: 'hoop' });
      const controller = new AbortController();
      client.onWrite = () => controller.abort(reason);
      const spec = { ...SPEC, name: undefined };
      await expect(ensure(spec, controller.signal)).rejects.toBe(reason);
      expect(client.bindings).toHaveLength(1);
      client.onWrite = () => {};
      expect((await ensure(spec)).writes).toBe(2);
    });
  });
});
