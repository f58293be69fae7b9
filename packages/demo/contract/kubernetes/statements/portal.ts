import assert from 'node:assert/strict';
import { it } from 'node:test';
import { Portal } from '../../../src/portal';
import type { ClusterWorkbench } from '../ClusterWorkbench';

const ENTITY = 'resource/default/hoop';

/** What goes through the proxy of the Kubernetes plugin for the portal itself, with a token from one plugin to another. */
export function portalStatements({ target }: ClusterWorkbench): void {
  if (!target.portal || !target.sandbox) {
    return;
  }
  const { url, cluster } = target.portal;

  it('a name that the plugin does not know is an error, and no missing object', async () => {
    const answer = await fetch(
      `${url}/api/kubernetes/proxy/api/v1/namespaces/x/configmaps/x`,
      {
        headers: {
          authorization: `Bearer ${target.portal?.token}`,
          'backstage-kubernetes-cluster': `not-${cluster}`,
        },
      },
    );
    assert.equal(answer.status, 404);
    const { error } = (await answer.json()) as { error: { name: string } };
    assert.equal(error.name, 'NotFoundError');
  });

  it('a gateway in a cluster of the plugin is read, connected and read again (sandbox only: it has a gateway)', async () => {
    const portal = await Portal.signIn(url);
    await portal.untilInCatalog(ENTITY);
    await portal.untilInCatalog('template/default/connect-gateway');
    const reachable = async () =>
      (await portal.getIntegration(ENTITY)).checks.find(
        ({ id }) => id === 'kubernetes.reachable',
      );
    const before = await reachable();
    assert.equal(before?.status, 'pass', before?.actual);
    const task = await portal.runTemplate('template:default/connect-gateway', {
      entity: 'resource:default/hoop',
      name: 'Hoop.dev',
      access: 'groups',
      bindings: [{ group: 'engineering' }],
    });
    assert.equal(
      task.status,
      'completed',
      task.events
        .slice(-3)
        .map(({ message }) => message)
        .join('\n'),
    );
    const { state } = await portal.getIntegration(ENTITY);
    assert.equal(state, 'connected');
  });
}
