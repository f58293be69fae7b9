import { ServiceUnavailableError } from '@backstage/errors';
import { KubernetesForbiddenError } from '../../../systems/kubernetes';
import { rightsFor, type WrittenPlan } from './rights';
import type { ObjectChange } from '../plan/steps';
import { FakeKubernetesClient } from '../__testUtils__/FakeKubernetesClient';
import {
  CLIENT_SECRET,
  CONFIG,
  configMapOf,
  OWN_REFERENCES,
  PLAIN_DATA,
  SECRET_DATA,
  secretOf,
  SETTINGS,
} from '../__testUtils__/gatewayObjects';
import { targetOf } from '../__testUtils__/targetOf';

/** A right in one line: `patch deployments.apps "hoopgateway"`. */
function lineOf(right: {
  verb: string;
  group?: string;
  resource: string;
  subresource?: string;
  name?: string;
}): string {
  const { verb, group, resource, subresource, name } = right;
  return [
    verb,
    `${resource}${subresource ? `/${subresource}` : ''}${
      group ? `.${group}` : ''
    }`,
    ...(name ? [`"${name}"`] : []),
  ].join(' ');
}

const RESTART = [
  'patch deployments.apps "hoopgateway"',
  'watch deployments.apps "hoopgateway" (optional)',
  'get pods/log (optional)',
];

describe('rightsFor', () => {
  const write = (
    kind: ObjectChange['kind'],
    name: string,
    found?: ObjectChange['found'],
  ) => ({
    type: 'object' as const,
    change: { kind, name, found, data: {}, before: {} },
  });
  const nothing: WrittenPlan = { steps: [], leftovers: [], restart: false };
  const switched = { type: 'references' as const, from: [], to: [] };
  const made = configMapOf(PLAIN_DATA);
  made.metadata.labels = {
    'app.kubernetes.io/managed-by': 'backstage-hoop-authentik',
  };
  const data = Object.fromEntries(
    Object.keys(PLAIN_DATA).map(key => [key, null]),
  );
  const leftover = (found: ObjectChange['found']) => ({
    kind: 'ConfigMap' as const,
    name: 'c',
    found,
    data,
    before: {},
  });

  it.each<[string, Partial<WrittenPlan>, string[]]>([
    ['nothing', {}, []],
    ['a restart alone', { restart: true }, RESTART],
    ['a change of references alone', { steps: [switched] }, RESTART],
    [
      'objects that are there',
      {
        steps: [
          write('Secret', 's', secretOf({})),
          write('ConfigMap', 'c', configMapOf({})),
        ],
      },
      [
        'patch secrets "s"',
        'patch configmaps "c"',
        'get secrets "hoopgateway-idp-previous"',
        'create secrets',
        'delete secrets "hoopgateway-idp-previous"',
        ...RESTART,
      ],
    ],
    [
      'objects that are there, and an empty Secret for their previous values',
      {
        steps: [write('Secret', 's', secretOf({}))],
        previousValues: secretOf({}, 'hoopgateway-idp-previous'),
      },
      [
        'patch secrets "s"',
        'get secrets "hoopgateway-idp-previous"',
        'patch secrets "hoopgateway-idp-previous"',
        ...RESTART,
      ],
    ],
    [
      'one of ours that is not read',
      {
        steps: [
          {
            type: 'object',
            change: {
              ...write('Secret', 's', secretOf({})).change,
              unread: true,
            },
          },
        ],
      },
      ['patch secrets "s"', 'delete secrets "s"', ...RESTART],
    ],
    [
      'objects to be made, one of them in two steps',
      {
        steps: [
          write('ConfigMap', 'c'),
          write('Secret', 's'),
          write('ConfigMap', 'c'),
        ],
      },
      [
        'create configmaps',
        'delete configmaps "c"',
        'create secrets',
        'delete secrets "s"',
        ...RESTART,
      ],
    ],
    [
      'what takes the place of an immutable object',
      {
        steps: [
          {
            type: 'object',
            change: {
              ...write('Secret', 's-2').change,
              replaces: secretOf({}),
            },
          },
        ],
      },
      [
        'create secrets',
        'delete secrets "s-2"',
        'get secrets "s-2"',
        ...RESTART,
      ],
    ],
    [
      'one of ours to be cleared away',
      { leftovers: [leftover(made)] },
      ['delete configmaps "c"'],
    ],
    [
      'a foreign one to be emptied',
      { leftovers: [leftover(configMapOf(PLAIN_DATA))] },
      ['patch configmaps "c"'],
    ],
  ])('should name those for %s', (_, plan, rights) => {
    expect(
      rightsFor(CONFIG, { ...nothing, ...plan }).map(
        right => `${lineOf(right)}${right.optional ? ' (optional)' : ''}`,
      ),
    ).toEqual(rights);
  });
});

describe('rights of the KubernetesTarget', () => {
  let client: FakeKubernetesClient;
  let lines: string[];

  beforeEach(() => {
    client = new FakeKubernetesClient();
    lines = [];
  });

  const options = { log: (line: string) => lines.push(line) };
  const target = () => targetOf(client);
  const planned = async () => (await target().read()).plan(SETTINGS);
  const only = (...rights: string[]) => {
    client.allows = access => rights.includes(lineOf(access));
  };

  it('should be checked once, in the namespace, before anything is written', async () => {
    let askedBefore = 0;
    client.before = () => {
      askedBefore ||= client.reviews.length;
    };
    const plan = await planned();
    expect(client.reviews).toEqual([]);
    await plan.apply(options);
    expect(askedBefore).toBe(7);
    expect(client.reviews).toHaveLength(7);
    expect(client.reviews).toContainEqual({
      verb: 'patch',
      group: 'apps',
      resource: 'deployments',
      name: 'hoopgateway',
      namespace: 'hoop',
    });
    expect(lines.join('\n')).not.toContain('No right to');
  });

  it('should not be checked when there is nothing to write', async () => {
    client = new FakeKubernetesClient({ envFrom: OWN_REFERENCES }, [
      configMapOf(PLAIN_DATA),
      secretOf(SECRET_DATA),
    ]);
    const plan = await planned();
    expect(plan.restart).toBe(false);
    await plan.confirmRights?.(options);
    await plan.apply(options);
    expect(client.reviews).toEqual([]);
  });

  it('should all be named when they are missing, with the rules to add, and nothing be written', async () => {
    only();
    const plan = await planned();
    for (const attempt of [
      () => plan.apply(options),
      () => plan.confirmRights!(options),
    ]) {
      const error = await attempt().then(
        () => undefined,
        (reason: Error) => reason,
      );
      expect(error).toMatchObject({
        name: 'ServiceUnavailableError',
        message:
          'Nothing was written: the backend\'s account in the cluster https://cluster:6443 lacks rights in namespace "hoop": ' +
          'create secrets, delete secrets "hoopgateway-idp", create configmaps, delete configmaps "hoopgateway-idp", patch deployments "hoopgateway". Add to its Role there: ' +
          "- {apiGroups: [''], resources: [secrets], verbs: [create]} " +
          "- {apiGroups: [''], resources: [secrets], resourceNames: [hoopgateway-idp], verbs: [delete]} " +
          "- {apiGroups: [''], resources: [configmaps], verbs: [create]} " +
          "- {apiGroups: [''], resources: [configmaps], resourceNames: [hoopgateway-idp], verbs: [delete]} " +
          "- {apiGroups: ['apps'], resources: [deployments], resourceNames: [hoopgateway], verbs: [patch]} " +
          '(docs/kubernetes-rbac.md of these plugins lists the whole Role).',
      });
      expect(String(error?.stack)).not.toContain(CLIENT_SECRET);
    }
    expect(client.writes).toEqual([]);
  });

  it('should name an object that may not be changed', async () => {
    client = new FakeKubernetesClient({ envFrom: OWN_REFERENCES }, [
      configMapOf({}),
      secretOf({}),
    ]);
    only(
      'patch configmaps "hoopgateway-idp"',
      'patch deployments.apps "hoopgateway"',
      'create secrets',
      'get secrets "hoopgateway-idp-previous"',
      'delete secrets "hoopgateway-idp-previous"',
    );
    await expect((await planned()).apply(options)).rejects.toThrow(
      /lacks rights in namespace "hoop": patch secrets "hoopgateway-idp"\. .*resources: \[secrets\], resourceNames: \[hoopgateway-idp\], verbs: \[patch\]/,
    );
    expect(client.writes).toEqual([]);
  });

  it('should only be logged where the switch works without them', async () => {
    only(
      'create secrets',
      'delete secrets "hoopgateway-idp"',
      'create configmaps',
      'delete configmaps "hoopgateway-idp"',
      'patch deployments.apps "hoopgateway"',
    );
    await (await planned()).apply(options);
    expect(client.writes).toHaveLength(3);
    expect(lines.filter(line => line.startsWith('No right to'))).toEqual([
      'No right to watch deployments "hoopgateway": the rollout is polled instead of watched',
      'No right to get pods/log: the log of a gateway that does not come up cannot be quoted',
    ]);
  });

  describe('to the replacement of an immutable object', () => {
    beforeEach(() => {
      client = new FakeKubernetesClient({ envFrom: OWN_REFERENCES }, [
        configMapOf(PLAIN_DATA),
        { ...secretOf({ IDP_CLIENT_SECRET: 'old' }), immutable: true },
      ]);
      const get = client.get.bind(client);
      jest.spyOn(client, 'get').mockImplementation(async (kind, ...rest) => {
        if (rest[1] === 'hoopgateway-idp-2') {
          throw new KubernetesForbiddenError('may not', {
            verb: 'get',
            resource: 'secrets',
            namespace: 'hoop',
          });
        }
        return get(kind, ...rest);
      });
    });

    it('should not be needed to observe', async () => {
      const { state } = await target().read();
      expect(state.outcome).toEqual({ method: 'oidc' });
    });

    it('should be named before a switch', async () => {
      client.allows = ({ verb }) => verb !== 'get';
      await expect((await planned()).apply(options)).rejects.toThrow(
        /lacks rights in namespace "hoop": get secrets "hoopgateway-idp-2"\./,
      );
      expect(client.writes).toEqual([]);
    });
  });

  it('should be needed for a restart', async () => {
    only();
    await expect(target().restart(options)).rejects.toThrow(
      'lacks rights in namespace "hoop": patch deployments "hoopgateway".',
    );
    expect(client.writes).toEqual([]);
  });

  it('should be assumed where the review is refused', async () => {
    client.allows = () => {
      throw new KubernetesForbiddenError('may not ask', {
        verb: 'create',
        resource: 'selfsubjectaccessreviews',
        namespace: 'hoop',
      });
    };
    await (await planned()).apply(options);
    expect(client.writes).toHaveLength(3);
  });

  it('should stop the switch where the cluster does not answer', async () => {
    client.allows = () => {
      throw new ServiceUnavailableError('no answer');
    };
    await expect((await planned()).apply(options)).rejects.toThrow('no answer');
    expect(client.writes).toEqual([]);
  });
});
