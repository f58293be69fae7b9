import { mayRestartGateway } from './clusterWrites';

describe('mayRestartGateway', () => {
  const metadata = { annotations: { mark: null } };
  const patch = (body: unknown) => [
    'Deployment',
    'ns',
    'gateway',
    { type: 'merge', body },
    {},
  ];

  it.each<[string, unknown[], boolean]>([
    ['a mark of the Deployment', patch({ metadata }), false],
    ['its pod template', patch({ metadata, spec: {} }), true],
    ['its pod template alone', patch({ spec: {} }), true],
    ['a list of operations', patch([{ op: 'add' }]), true],
    ['nothing that is known', patch({}), true],
    ['a new Deployment', ['Deployment', { metadata }], true],
    ['a Deployment that goes', ['Deployment', 'ns', 'gateway', {}], true],
    ['a Secret', ['Secret', 'ns', 'idp', { body: { data: {} } }], false],
    ['a ConfigMap that goes', ['ConfigMap', 'ns', 'idp'], false],
    ['a pod that goes', ['Pod', 'ns', 'gateway-1'], true],
  ])('should judge %s', (_, write, expected) => {
    expect(mayRestartGateway(write)).toBe(expected);
  });
});
