import assert from 'node:assert/strict';
import { ensureApplication } from 'backstage-plugin-hoop-authentik-node';
import type { AuthentikGroup } from 'backstage-plugin-hoop-authentik-node/alpha';
import type { SandboxProcess } from 'sandbox';
import type { Connection } from '../contract/connect';
import { requestsDuring } from '../contract/control';

export const APPLICATIONS = 500;

const AT_ONCE = 8;

/** Creates applications with one binding each; what others left on the server is gone afterwards. */
async function createApplications(
  sandbox: SandboxProcess,
  { client, context }: Connection,
): Promise<void> {
  await sandbox.control.reset();
  const group = await client.findGroup('engineering');
  assert.ok(group);
  // The first one tells what all others look like.
  await ensureApplication(
    client,
    { slug: 'bulk-0', bindings: [{ group: group.name }] },
    context,
  );
  const [model] = await client.listProviders();
  const create = async (index: number, { pk }: AuthentikGroup) => {
    const slug = `bulk-${index}`;
    const { applied } = await client.createApplicationWithProvider({
      application: { name: slug, slug },
      provider: {
        name: slug,
        clientType: 'confidential',
        authorizationFlow: model.authorizationFlow,
        invalidationFlow: model.invalidationFlow,
        propertyMappings: model.propertyMappings,
        redirectUris: model.redirectUris,
        signingKey: model.signingKey,
        grantTypes: model.grantTypes,
      },
      bindings: [{ group: pk, order: 0 }],
    });
    assert.equal(applied, true);
  };
  for (let start = 1; start < APPLICATIONS; start += AT_ONCE) {
    const count = Math.min(AT_ONCE, APPLICATIONS - start);
    await Promise.all(
      Array.from({ length: count }, (_, index) => create(start + index, group)),
    );
  }
}

interface BulkCost {
  requests: number;
  ms: number;
}

/** Time and requests to read everything that the state of many integrations is told from. */
async function readAll(
  sandbox: SandboxProcess,
  { client }: Connection,
  latencyMs: number,
): Promise<BulkCost> {
  if (latencyMs > 0) {
    await sandbox.control.faults({ system: 'authentik', latencyMs });
  }
  let ms = NaN;
  const requests = await requestsDuring(sandbox.control.url, async () => {
    const start = performance.now();
    const [providers, bindings] = await Promise.all([
      client.listProviders(),
      client.listAllBindings(),
      client.listFlows({}),
      client.listKeyPairs(),
      client.listScopeMappings(),
      client.listGroups(),
    ]);
    ms = performance.now() - start;
    const seen = new Set(
      providers.map(({ assignedApplicationSlug }) => assignedApplicationSlug),
    );
    assert.equal(seen.size, APPLICATIONS);
    assert.equal(bindings.length, APPLICATIONS);
  });
  await sandbox.control.clearFaults();
  return { requests: requests.length, ms };
}

/** Creates many applications and reads them all, nearby and from afar. */
export async function measureBulk(
  sandbox: SandboxProcess,
  connection: Connection,
  latencyMs: number,
): Promise<{ near: BulkCost; far: BulkCost }> {
  await createApplications(sandbox, connection);
  return {
    near: await readAll(sandbox, connection, 0),
    far: await readAll(sandbox, connection, latencyMs),
  };
}
