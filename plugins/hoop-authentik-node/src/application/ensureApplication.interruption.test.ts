import { withFailure } from '../core';
import { ensureApplication } from './ensureApplication';
import { FakeAuthentikClient } from './__testUtils__/FakeAuthentikClient';
import { CONTEXT, KEY_PAIRS, RSA_KEY } from './__testUtils__/serverObjects';
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

  it('should leave nothing behind when the provider is refused', async () => {
    client.refused.add('createProvider');
    await expect(ensure()).rejects.toThrow('may not createProvider');
    expect(client.applications).toEqual([]);
    expect(client.providers).toEqual([]);
    expect(client.bindings).toEqual([]);
    expect(client.keyPairs).toEqual(KEY_PAIRS);
  });

  it('should report the first failure when nothing can be deleted either', async () => {
    client.refused
      .add('createProvider')
      .add('deleteApplication')
      .add('deleteKeyPair');
    await expect(ensure()).rejects.toThrow(
      'may not createProvider. Left in authentik: the application "hoop", its new certificate.',
    );
  });

  it('should take another certificate where none may be made, and say so', async () => {
    client.refused.add('createKeyPair');
    const { notes } = await ensure({ slug: 'hoop' });
    expect(client.providers).toMatchObject([{ signingKey: RSA_KEY.pk }]);
    expect(notes).toEqual([
      expect.stringMatching(
        /^The token may not generate certificates, so ".*" signs\..*Grant the token authentik_crypto\.add_certificatekeypair and /,
      ),
    ]);
  });

  it('should repeat a request whose connection ended, once it is clear that it did not arrive', async () => {
    const create = client.createApplication.bind(client);
    let isCutOff = false;
    client.createApplication = async (...args) => {
      if (!isCutOff) {
        isCutOff = true;
        throw withFailure(new Error('read ECONNRESET'), {
          kind: 'unreachable',
          code: 'ECONNRESET',
        });
      }
      return create(...args);
    };
    await expect(ensure()).resolves.toMatchObject({
      plan: { action: 'create' },
    });
    expect(client.applications).toHaveLength(1);
    expect(client.providers).toHaveLength(1);
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

  describe('where app-config does not name the application', () => {
    const context = { ...CONTEXT, claimedApplication: undefined };
    const spec: ApplicationSpec = {
      slug: 'hoop',
      bindings: [{ group: 'admin' }],
    };

    it('should continue a creation that was cut off, which its record proves to be ours', async () => {
      const run = recordsInMemory();
      client.refused
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
      const create = client.createApplication.bind(client);
      client.createApplication = async (...args) => {
        client.addApplication({ name: 'Payroll', slug: 'hoop' });
        return create(...args);
      };
      const run = recordsInMemory();

      await expect(
        ensureApplication(client, spec, context, { run }),
      ).rejects.toThrow('it has no provider, so nothing shows whose it is');

      expect(client.applications).toMatchObject([{ name: 'Payroll' }]);
      expect(client.providers).toEqual([]);
      expect(client.keyPairs).toEqual(KEY_PAIRS);
      expect(run.created.filter(({ kind }) => kind !== 'certificate')).toEqual(
        [],
      );
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

    it('should leave nothing behind', async () => {
      const controller = new AbortController();
      client.onWrite = () => controller.abort(reason);
      await expect(ensure(SPEC, controller.signal)).rejects.toBe(reason);
      expect(client.writes).toEqual(['createApplication', 'deleteApplication']);
      expect(client.applications).toEqual([]);
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
