import { FakeKubernetesClient } from '../__testUtils__/FakeKubernetesClient';
import {
  CONFIG,
  configMapOf,
  OWN_REFERENCES,
} from '../__testUtils__/gatewayObjects';
import { RESTARTED_AT } from '../read/switchRecord';
import { HASTY } from '../__testUtils__/targetOf';
import { DeploymentWrites } from './deploymentWrites';

const OTHER_REFERENCE = { configMapRef: { name: 'hoop-config' } };

describe('DeploymentWrites', () => {
  it('should set the references and restart by the same patch', async () => {
    const client = new FakeKubernetesClient({ envFrom: [OTHER_REFERENCE] }, [
      configMapOf({}, 'hoop-config'),
    ]);
    await new DeploymentWrites(client, CONFIG).setReferences(
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

  it('should not overwrite a Deployment that another process changed', async () => {
    const client = new FakeKubernetesClient();
    const read = structuredClone(client.deployment);
    client.deployment.spec.replicas = 2;
    client.touch('Deployment', 'hoopgateway');
    await expect(
      new DeploymentWrites(client, CONFIG).setReferences(
        read,
        'hoopgateway',
        OWN_REFERENCES,
        {},
      ),
    ).rejects.toThrow('The Deployment "hoopgateway" was modified concurrently');
  });

  it('should remove our references and keep those added since', async () => {
    const client = new FakeKubernetesClient({
      envFrom: [...OWN_REFERENCES, OTHER_REFERENCE],
    });
    client.touch('Deployment', 'hoopgateway');
    await new DeploymentWrites(client, CONFIG).restoreReferences(
      'hoopgateway',
      { from: [], to: OWN_REFERENCES },
    );
    expect(client.contents()).toMatchObject({ envFrom: [OTHER_REFERENCE] });
  });

  it('should remove references although the status keeps changing, but not retry forever', async () => {
    const client = new FakeKubernetesClient({ envFrom: OWN_REFERENCES });
    const writes = new DeploymentWrites(client, CONFIG, HASTY);
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
    ).rejects.toThrow('The Deployment "hoopgateway" was modified concurrently');
  });

  it('should restart without touching anything else', async () => {
    const client = new FakeKubernetesClient({ envFrom: [OTHER_REFERENCE] });
    await new DeploymentWrites(client, CONFIG).restart({});
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
