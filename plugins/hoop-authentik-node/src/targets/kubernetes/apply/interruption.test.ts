import type { KubernetesTarget } from '../KubernetesTarget';
import type { FakeKubernetesClient } from '../__testUtils__/FakeKubernetesClient';
import { CLIENT_SECRET, SETTINGS } from '../__testUtils__/gatewayObjects';
import {
  FOUND_TO_DISCONNECT,
  TO_DISCONNECT,
  TO_SWITCH,
} from '../__testUtils__/layoutCases';
import { killedAfter } from '../__testUtils__/killedAfter';
import { targetOf } from '../__testUtils__/targetOf';

const log = () => {};

const doSwitch = async (target: KubernetesTarget) => {
  const plan = (await target.read()).plan(SETTINGS);
  expect(plan.refusals).toEqual([]);
  const applied = await plan.apply({ log });
  await applied.finish({ log });
};

const doDisconnect = async (target: KubernetesTarget) => {
  const plan = (await target.read()).planDisconnect();
  expect(plan.refusals).toEqual([]);
  const applied = await plan.apply({ log });
  await applied.finish({ log });
};

const outcomeOf = async (target: KubernetesTarget) =>
  (await target.read()).state.outcome;

describe.each([
  ['switched', TO_SWITCH, doSwitch, 'oidc'],
  ['disconnected', TO_DISCONNECT, doDisconnect, 'local'],
] as const)('a gateway that is %s', (_, cases, run, method) => {
  it.each([...cases])(
    'should be able to start whenever the process is killed, and the next run should converge: %s',
    async (_name, config, before) => {
      const undisturbed = before();
      await run(targetOf(undisturbed, config));
      const writes = undisturbed.writes.length;
      expect(writes).toBeGreaterThan(0);

      for (let count = 1; count <= writes; count++) {
        const client = before();
        await run(targetOf(killedAfter(count, client), config)).catch(
          () => 'killed',
        );
        expect(client.writes).toHaveLength(count);
        const target = targetOf(client, config);
        expect(await outcomeOf(target)).toHaveProperty('method');

        await run(target);
        expect(await outcomeOf(target)).toEqual({ method });
        expect(client.contents()).toEqual(undisturbed.contents());
        const done = client.writes.length;
        await run(target);
        expect(client.writes).toHaveLength(done);
      }
    },
  );
});

describe('a gateway that is disconnected and whose objects are found by what it reads', () => {
  const isSecretIn = (client: FakeKubernetesClient) =>
    [CLIENT_SECRET, Buffer.from(CLIENT_SECRET).toString('base64')].some(text =>
      JSON.stringify(client.contents()).includes(text),
    );

  it.each(FOUND_TO_DISCONNECT)(
    'should have no client secret left after the next run, whenever the process is killed: %s',
    async (_name, config, before) => {
      const undisturbed = before();
      expect(isSecretIn(undisturbed)).toBe(true);
      await doDisconnect(targetOf(undisturbed, config));
      expect(isSecretIn(undisturbed)).toBe(false);
      const writes = undisturbed.writes.length;

      for (let count = 1; count <= writes; count++) {
        const client = before();
        await doDisconnect(targetOf(killedAfter(count, client), config)).catch(
          () => 'killed',
        );
        expect(client.writes).toHaveLength(count);
        const target = targetOf(client, config);
        expect(await outcomeOf(target)).toHaveProperty('method');

        await doDisconnect(target);
        expect(await outcomeOf(target)).toEqual({ method: 'local' });
        expect(isSecretIn(client)).toBe(false);
        expect(client.contents().envFrom).toEqual(
          undisturbed.contents().envFrom,
        );
        const done = client.writes.length;
        await doDisconnect(target);
        expect(client.writes).toHaveLength(done);
      }
    },
  );
});
