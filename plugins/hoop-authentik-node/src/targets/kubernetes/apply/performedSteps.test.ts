import { endsWithRestart } from './performedSteps';
import type { WriteStep } from '../plan/steps';
import { FakeKubernetesClient } from '../__testUtils__/FakeKubernetesClient';
import {
  OWN_REFERENCES,
  secretOf,
  SETTINGS,
  snapshotOf,
} from '../__testUtils__/gatewayObjects';
import { targetOf } from '../__testUtils__/targetOf';

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
    expect((await apply(client)).writes).toBe(5);
    expect(client.writes).toEqual([
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

describe('endsWithRestart', () => {
  const object = (kind: 'ConfigMap' | 'Secret'): WriteStep => ({
    type: 'object',
    change: {
      kind,
      name: 'hoopgateway-idp',
      found: undefined,
      data: {},
      before: {},
    },
  });
  const references: WriteStep = {
    type: 'references',
    from: [],
    to: OWN_REFERENCES,
  };
  const reading = snapshotOf({ container: { envFrom: [OWN_REFERENCES[0]] } });

  it.each([
    ['the references are undone last', [references, object('ConfigMap')], true],
    ['only unread objects follow', [object('Secret'), references], true],
    [
      'an object that is read follows',
      [object('ConfigMap'), references],
      false,
    ],
    ['no references were changed', [object('ConfigMap')], false],
  ])('should tell that %s', (_, done, expected) => {
    expect(endsWithRestart(reading, done)).toBe(expected);
  });
});
