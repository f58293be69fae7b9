import { SecretValue } from '../../../core';
import { FakeKubernetesClient } from '../__testUtils__/FakeKubernetesClient';
import {
  CONFIG,
  configMapOf,
  OWN_REFERENCES,
  secretOf,
} from '../__testUtils__/gatewayObjects';
import { RESTARTED_AT } from '../read/freshness';
import { KubernetesWrites } from './writes';

const base64 = (text: string) => Buffer.from(text).toString('base64');

const OTHER_REFERENCE = { configMapRef: { name: 'hoop-config' } };

describe('KubernetesWrites', () => {
  it('should create a Secret in base64, with our label', async () => {
    const client = new FakeKubernetesClient();
    await new KubernetesWrites(client, CONFIG).writeObject(
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
    await new KubernetesWrites(client, CONFIG).writeObject(
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

  it('should patch our keys alone, on the condition that nobody else wrote', async () => {
    const found = secretOf({ OTHER: 'kept', OLD: 'x' });
    const client = new FakeKubernetesClient({}, [structuredClone(found)]);
    await new KubernetesWrites(client, CONFIG).writeObject(
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
      new KubernetesWrites(client, CONFIG).writeObject(
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
        'Somebody else changed the ConfigMap "hoopgateway-idp" at the same moment. Nothing of it was overwritten; run the task again.',
      ),
    });
    expect(client.writes).toEqual([]);
  });

  it('should write all the same where somebody else changed other keys, but not try forever', async () => {
    const found = configMapOf({ AUTH_METHOD: 'local' });
    const client = new FakeKubernetesClient({}, [structuredClone(found)]);
    let edits = 3;
    client.before = () => {
      if (edits-- > 0) {
        client.edit('ConfigMap', 'hoopgateway-idp', { OTHER: `${edits}` });
      }
    };
    const write = () =>
      new KubernetesWrites(client, CONFIG).writeObject(
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
    await expect(write()).rejects.toThrow('at the same moment');
  });

  it('should put previous values back, whatever the version, and delete what it made', async () => {
    const found = configMapOf({ AUTH_METHOD: 'oidc', IDP_ISSUER: 'new' });
    const client = new FakeKubernetesClient({}, [found, secretOf({})]);
    client.touch('ConfigMap', 'hoopgateway-idp');
    const writes = new KubernetesWrites(client, CONFIG);
    await writes.restoreObject({
      kind: 'ConfigMap',
      name: 'hoopgateway-idp',
      found,
      data: { AUTH_METHOD: 'oidc', IDP_ISSUER: 'new' },
      before: { AUTH_METHOD: 'local', IDP_ISSUER: null },
    });
    await writes.restoreObject({
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

  it('should set the references and restart by the same patch', async () => {
    const client = new FakeKubernetesClient({ envFrom: [OTHER_REFERENCE] }, [
      configMapOf({}, 'hoop-config'),
    ]);
    await new KubernetesWrites(client, CONFIG).setReferences(
      client.deployment,
      'hoopgateway',
      [OTHER_REFERENCE, ...OWN_REFERENCES],
      {},
    );
    expect(client.bodies).toEqual([
      {
        type: 'strategic',
        body: {
          metadata: { resourceVersion: '10' },
          spec: {
            template: {
              metadata: {
                annotations: {
                  [RESTARTED_AT]: expect.stringMatching(/^\d{4}-.*Z$/),
                },
              },
              spec: {
                containers: [
                  {
                    name: 'hoopgateway',
                    envFrom: [OTHER_REFERENCE, ...OWN_REFERENCES],
                  },
                ],
              },
            },
          },
        },
      },
    ]);
  });

  it('should not overwrite a Deployment that somebody else changed', async () => {
    const client = new FakeKubernetesClient();
    const read = structuredClone(client.deployment);
    client.deployment.spec.replicas = 2;
    client.touch('Deployment', 'hoopgateway');
    await expect(
      new KubernetesWrites(client, CONFIG).setReferences(
        read,
        'hoopgateway',
        OWN_REFERENCES,
        {},
      ),
    ).rejects.toThrow('Somebody else changed the Deployment "hoopgateway"');
  });

  it('should take our references out and leave those that came since', async () => {
    const client = new FakeKubernetesClient({
      envFrom: [...OWN_REFERENCES, OTHER_REFERENCE],
    });
    client.touch('Deployment', 'hoopgateway');
    await new KubernetesWrites(client, CONFIG).restoreReferences(
      'hoopgateway',
      { from: [], to: OWN_REFERENCES },
    );
    expect(client.contents()).toMatchObject({ envFrom: [OTHER_REFERENCE] });
  });

  it('should take references out although the status changes meanwhile, but not try forever', async () => {
    const client = new FakeKubernetesClient({ envFrom: OWN_REFERENCES });
    const writes = new KubernetesWrites(client, CONFIG);
    const change = { from: [], to: OWN_REFERENCES };
    let changes = 3;
    client.before = () => {
      if (changes-- > 0) {
        client.touch('Deployment', 'hoopgateway');
      }
    };
    await writes.restoreReferences('hoopgateway', change);
    expect(client.contents()).toMatchObject({ envFrom: [] });

    changes = Infinity;
    await expect(
      writes.restoreReferences('hoopgateway', change),
    ).rejects.toThrow('Somebody else changed the Deployment');
  });

  it('should restart without touching anything else', async () => {
    const client = new FakeKubernetesClient({ envFrom: [OTHER_REFERENCE] });
    await new KubernetesWrites(client, CONFIG).restart({});
    expect(client.bodies).toEqual([
      {
        type: 'strategic',
        body: {
          spec: {
            template: {
              metadata: { annotations: { [RESTARTED_AT]: expect.any(String) } },
            },
          },
        },
      },
    ]);
  });
});
