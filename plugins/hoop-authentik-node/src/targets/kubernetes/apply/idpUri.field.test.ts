import {
  CLIENT_SECRET,
  configMapOf,
  OWN_REFERENCES,
  PLAIN_DATA,
  SECRET_DATA,
  secretOf,
  SETTINGS,
} from '../__testUtils__/gatewayObjects';
import { FakeKubernetesClient } from '../__testUtils__/FakeKubernetesClient';
import { killedAfter } from '../__testUtils__/killedAfter';
import { targetOf } from '../__testUtils__/targetOf';

const FORMER = 'former-secret-of-the-provider';
const URI = `https://id:${FORMER}@former.company/realms/main`;

const CLUSTERS: Array<[string, () => FakeKubernetesClient]> = [
  [
    'another Secret',
    () =>
      new FakeKubernetesClient(
        { envFrom: [{ secretRef: { name: 'former' } }] },
        [secretOf({ IDP_URI: URI }, 'former')],
      ),
  ],
  [
    'the Secret of the settings',
    () =>
      new FakeKubernetesClient({ envFrom: OWN_REFERENCES }, [
        configMapOf({ ...PLAIN_DATA, IDP_CLIENT_ID: 'former' }),
        secretOf({ ...SECRET_DATA, IDP_URI: URI }),
      ]),
  ],
];

describe('a switch off IDP_URI in a cluster', () => {
  it.each(CLUSTERS)('should be undone completely: %s', async (_, before) => {
    const client = before();
    const found = client.contents();
    const lines: string[] = [];
    const log = (line: string) => lines.push(line);
    const { plan } = await targetOf(client).read();
    const applied = await plan(SETTINGS).apply({ log });
    const { state } = await targetOf(client).read();
    expect(state.overrides).toEqual([]);
    expect(state.outcome).toEqual({ method: 'oidc' });
    await applied.restore({ log });
    expect(client.contents()).toEqual(found);
    expect(lines.join()).not.toContain(FORMER);
    expect(lines.join()).not.toContain(CLIENT_SECRET);
  });

  it.each(CLUSTERS)(
    'should be able to start whenever the process is killed, and be undone by another: %s',
    async (_, before) => {
      const log = () => {};
      const undisturbed = before();
      const found = undisturbed.contents();
      const { plan } = await targetOf(undisturbed).read();
      await plan(SETTINGS).apply({ log });
      for (let count = 1; count <= undisturbed.writes.length; count++) {
        const client = before();
        const killed = targetOf(killedAfter(count, client));
        await killed
          .read()
          .then(reading => reading.plan(SETTINGS).apply({ log }))
          .catch(() => 'killed');
        const { state, unverified } = await targetOf(client).read();
        expect(state.outcome).toEqual({ method: 'oidc' });
        await unverified?.undo({ log });
        const { settings, outcome, overrides } = (await targetOf(client).read())
          .state;
        expect(outcome).toEqual({ method: 'oidc' });
        // Only what nothing reads may be left.
        expect(overrides).toHaveLength(1);
        expect(settings.IDP_ISSUER.value).toBe(
          (await targetOf(before()).read()).state.settings.IDP_ISSUER.value,
        );
        expect(client.contents().envFrom).toEqual(found.envFrom);
      }
    },
  );
});
