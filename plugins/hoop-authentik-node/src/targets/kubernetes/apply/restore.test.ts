import { ServiceUnavailableError } from '@backstage/errors';
import type { KubernetesTargetConfig } from '../../../config/types';
import type { TargetReading } from '../../types';
import {
  FakeKubernetesClient,
  REFUSED,
} from '../__testUtils__/FakeKubernetesClient';
import {
  OWN_REFERENCES,
  secretOf,
  SETTINGS,
} from '../__testUtils__/gatewayObjects';
import {
  FOUND_TO_DISCONNECT,
  TO_DISCONNECT,
  TO_SWITCH,
} from '../__testUtils__/layoutCases';
import { targetOf } from '../__testUtils__/targetOf';
import { isUndoneByReferences, type DoneStep } from './restore';

const log = () => {};

/** Fails one attempt to write, counted from now on. */
function failOnce(client: FakeKubernetesClient, at: number, error: Error) {
  let attempt = 0;
  client.before = () => {
    attempt += 1;
    if (attempt === at) {
      throw error;
    }
  };
}

describe.each([
  ['switch', TO_SWITCH, (reading: TargetReading) => reading.plan(SETTINGS)],
  [
    'disconnect',
    [...TO_DISCONNECT, ...FOUND_TO_DISCONNECT],
    (reading: TargetReading) => reading.planDisconnect(),
  ],
] as const)('a %s that is undone', (_, cases, planOf) => {
  const switched = async (
    client: FakeKubernetesClient,
    config: Partial<KubernetesTargetConfig>,
  ) => planOf(await targetOf(client, config).read()).apply({ log });

  /** How many writes the way back makes. */
  const countOf = async ([, config, makeClient]: (typeof cases)[number]) => {
    const client = makeClient();
    const { restore } = await switched(client, config);
    const there = client.writes.length;
    await restore({ log });
    return client.writes.length - there;
  };

  it.each([...cases])(
    'should leave a gateway that can start whichever write is refused: %s',
    async (...one) => {
      const [, config, makeClient] = one;
      const count = await countOf(one);
      expect(count).toBeGreaterThan(0);
      for (let at = 1; at <= count; at++) {
        const client = makeClient();
        const { restore } = await switched(client, config);
        const there = client.writes.length;
        failOnce(client, at, REFUSED);

        await expect(restore({ log })).rejects.toThrow('may not');

        expect(client.writes).toHaveLength(there + at - 1);
        const { state } = await targetOf(client, config).read();
        expect(state.outcome).toHaveProperty('method');
      }
    },
  );

  it.each([...cases])(
    'should be undone although the cluster briefly does not answer: %s',
    async (...one) => {
      const [, config, makeClient] = one;
      const count = await countOf(one);
      for (let at = 1; at <= count; at++) {
        const client = makeClient();
        const before = client.contents();
        const { restore } = await switched(client, config);
        failOnce(
          client,
          at,
          new ServiceUnavailableError('the cluster answered 503'),
        );

        await restore({ log });

        expect(client.contents()).toEqual(before);
      }
    },
  );
});

describe('what could not be undone', () => {
  const [, config, makeClient] = TO_SWITCH.find(
    ([name]) => name === 'both objects read already, with local sign-in',
  )!;

  it.each([
    [
      1,
      'may not. Not restored: Secret "hoopgateway-idp", ConfigMap "hoopgateway-idp"',
    ],
    [
      2,
      'may not. Restored: ConfigMap "hoopgateway-idp". Not restored: Secret "hoopgateway-idp"',
    ],
  ])('should be named where write %i is refused', async (at, message) => {
    const client = makeClient();
    const { plan } = await targetOf(client, config).read();
    const { restore } = await plan(SETTINGS).apply({ log });
    failOnce(client, at, REFUSED);
    await expect(restore({ log })).rejects.toMatchObject({
      name: 'ServiceUnavailableError',
      message,
    });
  });
});

describe('an object that is written twice', () => {
  // Without a method a client secret alone turns OpenID on, so that the new ConfigMap says local at first.
  const makeClient = () =>
    new FakeKubernetesClient({ envFrom: [OWN_REFERENCES[1]] }, [secretOf({})]);
  const apply = async (client: FakeKubernetesClient) => {
    const { plan } = await targetOf(client).read();
    return plan(SETTINGS).apply({ log: () => {} });
  };

  it('should be created once and changed after', async () => {
    const client = makeClient();
    expect((await apply(client)).writes).toBe(6);
    expect(client.writes).toEqual([
      'create Secret hoopgateway-idp-previous',
      'create ConfigMap hoopgateway-idp',
      'patch Deployment hoopgateway',
      'patch Secret hoopgateway-idp',
      'patch ConfigMap hoopgateway-idp',
      'patch Deployment hoopgateway',
    ]);
  });

  it('should be gone after the way back', async () => {
    const client = makeClient();
    const before = client.contents();
    const applied = await apply(client);
    await applied.restore({ log: () => {} });
    expect(client.contents()).toEqual(before);
  });
});

describe('isUndoneByReferences', () => {
  const object = (kind: 'ConfigMap' | 'Secret'): DoneStep => ({
    type: 'object',
    kind,
    name: 'hoopgateway-idp',
    isNew: true,
    before: {},
    written: {},
  });
  const references: DoneStep = {
    type: 'references',
    from: [],
    to: OWN_REFERENCES,
  };

  it.each([
    ['the references are undone last', [references, object('ConfigMap')], true],
    ['only unread objects follow', [object('Secret'), references], true],
    [
      'an object that is read follows',
      [object('ConfigMap'), references],
      false,
    ],
    ['no references were changed', [object('ConfigMap')], false],
  ])('should know that %s', (_, done, expected) => {
    expect(isUndoneByReferences([OWN_REFERENCES[0]], done)).toBe(expected);
  });
});
