import { SecretValue } from '../../../core';
import { FakeKubernetesClient } from '../__testUtils__/FakeKubernetesClient';
import { CONFIG, configMapOf, secretOf } from '../__testUtils__/gatewayObjects';
import type { ObjectChange } from '../plan/steps';
import { HASTY } from '../__testUtils__/targetOf';
import { objectWriteOf, ObjectWrites } from './objectWrites';

const base64 = (text: string) => Buffer.from(text).toString('base64');

describe('ObjectWrites', () => {
  it('should create a Secret in base64, with our label', async () => {
    const client = new FakeKubernetesClient();
    await new ObjectWrites(client, CONFIG).write(
      {
        kind: 'Secret',
        name: 'hoopgateway-idp',
        found: undefined,
        data: { IDP_CLIENT_SECRET: new SecretValue('sécret'), GONE: null },
        before: { IDP_CLIENT_SECRET: null, GONE: null },
      },
      {},
    );
    expect(client.bodies).toEqual([
      {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: {
          name: 'hoopgateway-idp',
          namespace: 'hoop',
          labels: {
            'app.kubernetes.io/managed-by': 'backstage-hoop-authentik',
          },
          annotations: { 'backstage-hoop-authentik/deployment': 'hoopgateway' },
        },
        type: 'Opaque',
        data: { IDP_CLIENT_SECRET: base64('sécret') },
      },
    ]);
  });

  it('should create a ConfigMap as it is, without a type', async () => {
    const client = new FakeKubernetesClient();
    await new ObjectWrites(client, CONFIG).write(
      {
        kind: 'ConfigMap',
        name: 'hoopgateway-idp',
        found: undefined,
        data: { AUTH_METHOD: 'oidc' },
        before: { AUTH_METHOD: null },
      },
      {},
    );
    expect(client.bodies).toEqual([
      expect.objectContaining({ data: { AUTH_METHOD: 'oidc' } }),
    ]);
    expect(client.bodies[0]).not.toHaveProperty('type');
  });

  it('should patch our keys alone, on the condition that no other process wrote', async () => {
    const found = secretOf({ OTHER: 'kept', OLD: 'x' });
    const client = new FakeKubernetesClient({}, [structuredClone(found)]);
    await new ObjectWrites(client, CONFIG).write(
      {
        kind: 'Secret',
        name: found.metadata.name,
        found,
        data: { IDP_CLIENT_SECRET: new SecretValue('new'), OLD: null },
        before: { IDP_CLIENT_SECRET: null, OLD: 'x' },
      },
      {},
    );
    expect(client.bodies).toEqual([
      {
        type: 'merge',
        body: {
          metadata: { resourceVersion: '10' },
          data: { IDP_CLIENT_SECRET: base64('new'), OLD: null },
        },
      },
    ]);
    expect(client.contents()).toMatchObject({
      data: {
        'Secret hoopgateway-idp': {
          OTHER: base64('kept'),
          IDP_CLIENT_SECRET: base64('new'),
        },
      },
    });
  });

  it.each([
    ['an object that was changed', configMapOf({})],
    ['an object that was created', undefined],
  ])('should explain the conflict over %s', async (_, found) => {
    const client = new FakeKubernetesClient({}, [configMapOf({})]);
    client.edit('ConfigMap', 'hoopgateway-idp', { AUTH_METHOD: 'saml' });
    await expect(
      new ObjectWrites(client, CONFIG).write(
        {
          kind: 'ConfigMap',
          name: 'hoopgateway-idp',
          found,
          data: { AUTH_METHOD: 'oidc' },
          before: { AUTH_METHOD: null },
        },
        {},
      ),
    ).rejects.toMatchObject({
      name: 'ConflictError',
      message: expect.stringContaining(
        'The ConfigMap "hoopgateway-idp" was modified concurrently; nothing was overwritten. Run the task again.',
      ),
    });
    expect(client.writes).toEqual([]);
  });

  it('should still write where another process changed other keys, but not retry forever', async () => {
    const found = configMapOf({ AUTH_METHOD: 'local' });
    const client = new FakeKubernetesClient({}, [structuredClone(found)]);
    let edits = 3;
    client.before = () => {
      if (edits-- > 0) {
        client.edit('ConfigMap', 'hoopgateway-idp', { OTHER: `${edits}` });
      }
    };
    const write = () =>
      new ObjectWrites(client, CONFIG, HASTY).write(
        {
          kind: 'ConfigMap',
          name: 'hoopgateway-idp',
          found,
          data: { AUTH_METHOD: 'oidc' },
          before: { AUTH_METHOD: 'local' },
        },
        {},
      );
    await write();
    expect(client.contents()).toMatchObject({
      data: {
        'ConfigMap hoopgateway-idp': { AUTH_METHOD: 'oidc', OTHER: '0' },
      },
    });

    client.edit('ConfigMap', 'hoopgateway-idp', { AUTH_METHOD: 'local' });
    edits = Infinity;
    await expect(write()).rejects.toThrow('modified concurrently');
  });

  it('should restore previous values, whatever the version, and delete what it created', async () => {
    const found = configMapOf({ AUTH_METHOD: 'oidc', IDP_ISSUER: 'new' });
    const client = new FakeKubernetesClient({}, [found, secretOf({})]);
    client.touch('ConfigMap', 'hoopgateway-idp');
    const writes = new ObjectWrites(client, CONFIG);
    const restore = (change: ObjectChange) =>
      writes.restore(objectWriteOf(change));
    await restore({
      kind: 'ConfigMap',
      name: 'hoopgateway-idp',
      found,
      data: { AUTH_METHOD: 'oidc', IDP_ISSUER: 'new' },
      before: { AUTH_METHOD: 'local', IDP_ISSUER: null },
    });
    await restore({
      kind: 'Secret',
      name: 'hoopgateway-idp',
      found: undefined,
      data: {},
      before: {},
    });
    expect(client.contents()).toMatchObject({
      data: { 'ConfigMap hoopgateway-idp': { AUTH_METHOD: 'local' } },
    });
    expect(client.writes).toEqual([
      'patch ConfigMap hoopgateway-idp',
      'delete Secret hoopgateway-idp',
    ]);
  });
});
