import { setTimeout } from 'node:timers/promises';
import { startSandboxProcess, type SandboxProcess } from 'sandbox';
import { DefaultKubernetesClient } from '../../../systems/kubernetes';
import { SecretValue } from '../../../core';
import { CONFIG } from '../__testUtils__/gatewayObjects';
import type { ObjectChange } from '../plan/steps';
import { ObjectWrites } from './objectWrites';

const TIMES = 100;
const NAMESPACE = 'hoop';

describe('another process that edits other keys of the same object', () => {
  jest.setTimeout(180_000);
  let sandbox: SandboxProcess;
  let client: DefaultKubernetesClient;

  beforeAll(async () => {
    sandbox = await startSandboxProcess({ timeoutMs: 120_000 });
    client = await DefaultKubernetesClient.create({
      cluster: { kubeconfig: sandbox.kubernetes.kubeconfigPath },
    });
  }, 180_000);

  afterAll(async () => {
    await client?.close();
    await sandbox?.stop();
  });

  const read = (kind: ObjectChange['kind'], name: string) =>
    client.get(kind, NAMESPACE, name);

  const base64 = (text: string) => Buffer.from(text).toString('base64');

  it.each([
    {
      kind: 'ConfigMap' as const,
      key: 'IDP_CLIENT_ID',
      valueOf: (text: string) => text,
      stored: (text: string) => text,
    },
    {
      kind: 'Secret' as const,
      key: 'IDP_CLIENT_SECRET',
      valueOf: (text: string) => new SecretValue(text),
      stored: base64,
    },
  ])(
    'should lose no edit, nor should we, in a $kind',
    async ({ kind, key, valueOf, stored }) => {
      const name = 'shared-by-two';
      const writes = new ObjectWrites(client, CONFIG);
      await client.create(kind, {
        apiVersion: 'v1',
        kind,
        metadata: { name, namespace: NAMESPACE },
        data: { [key]: stored('value-of-run-start') },
      });

      const edit = async (count: number) => {
        // Before, between and after our reading and our writing.
        await setTimeout(Math.random() * 8);
        await client.patch(kind, NAMESPACE, name, {
          type: 'merge',
          body: { data: { [`EDIT_${count}`]: stored(`edit ${count}`) } },
        });
      };
      const configure = async (count: number) => {
        const found = await read(kind, name);
        const before = count === 0 ? 'start' : count - 1;
        await setTimeout(Math.random() * 4);
        await writes.write(
          {
            kind,
            name,
            found,
            data: { [key]: valueOf(`value-of-run-${count}`) },
            before: { [key]: valueOf(`value-of-run-${before}`) },
          },
          {},
        );
      };
      for (let count = 0; count < TIMES; count++) {
        await Promise.all([edit(count), configure(count)]);
      }

      expect((await read(kind, name))?.data).toEqual({
        [key]: stored(`value-of-run-${TIMES - 1}`),
        ...Object.fromEntries(
          Array.from({ length: TIMES }, (_, count) => [
            `EDIT_${count}`,
            stored(`edit ${count}`),
          ]),
        ),
      });
    },
  );

  it('should not be overwritten where the object was recreated', async () => {
    const name = 'made-anew';
    const make = () =>
      client.create('ConfigMap', {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name, namespace: NAMESPACE },
        data: { AUTH_METHOD: 'local' },
      });
    const found = await make();
    await client.delete('ConfigMap', NAMESPACE, name);
    await make();

    await expect(
      new ObjectWrites(client, CONFIG).write(
        {
          kind: 'ConfigMap',
          name,
          found,
          data: { AUTH_METHOD: 'oidc' },
          before: { AUTH_METHOD: 'local' },
        },
        {},
      ),
    ).rejects.toMatchObject({ name: 'ConflictError' });
    expect((await read('ConfigMap', name))?.data).toEqual({
      AUTH_METHOD: 'local',
    });
  });
});
