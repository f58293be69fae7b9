import assert from 'node:assert/strict';
import {
  desiredIntegration,
  type Gateway,
} from 'backstage-plugin-hoop-authentik-node';
import { observeIntegration } from 'backstage-plugin-hoop-authentik-node/alpha';
import type { RecordedRequest, SandboxProcess } from 'sandbox';
import { requestsDuring } from '../contract/control';
import { serviceFor } from './gateway/portal';
import type { Measure } from './measures';
import { records, runTemplate } from './template';

/** A second run reads what a plan needs beside what the checks need; a card whose checks are observed anew reads the latter. */
const LIMITS = { connect: 30, again: 20, ofGateway: 6, card: 13 };

/** What the template asks of authentik, the gateway's own requests included, and what a card does. */
export async function measureTemplate(
  sandbox: SandboxProcess,
): Promise<Measure[]> {
  await sandbox.control.reset();
  const run = records();
  const during = async (
    work: (gateway: Gateway) => Promise<unknown>,
  ): Promise<RecordedRequest[]> => {
    // A portal that has read nothing yet, so that nothing profits from what came before.
    const service = serviceFor(sandbox, { main: {} });
    try {
      return await requestsDuring(sandbox.control.url, () =>
        work(service.getGateway('main')),
      );
    } finally {
      await service.close();
    }
  };
  const template = async (gateway: Gateway) =>
    runTemplate(gateway, {
      task: 'template',
      run,
      spec: { bindings: [{ group: 'admin' }, { group: 'engineering' }] },
    });
  const connect = await during(template);
  const again = await during(async gateway => {
    assert.equal(await template(gateway), 0);
  });
  const card = await during(({ config, authentik, systems }) =>
    observeIntegration(systems, desiredIntegration(config, authentik)),
  );
  const own = (requests: RecordedRequest[]) =>
    requests.filter(({ from }) => from === 'gateway').length;
  return [
    {
      name: 'template, connect: requests',
      value: connect.length,
      limit: LIMITS.connect,
    },
    { name: 'template, connect: of which the gateway', value: own(connect) },
    {
      name: 'template, second run: requests',
      value: again.length,
      limit: LIMITS.again,
    },
    {
      name: 'template, second run: of which the gateway',
      value: own(again),
      limit: LIMITS.ofGateway,
    },
    {
      name: 'a card observed anew: requests',
      value: card.length,
      limit: LIMITS.card,
    },
  ];
}
