import type { ObjectMeta } from '../../../systems/kubernetes';
import { ownersOf } from './owners';
import { nextName, replacementFor } from './ownership';
import {
  configMapOf,
  madeFor,
  secretOf,
} from '../__testUtils__/gatewayObjects';

describe('ownersOf', () => {
  const owners = (metadata: Partial<ObjectMeta>) => {
    const object = configMapOf({}, 'hoop-config');
    return ownersOf({
      ...object,
      metadata: { ...object.metadata, ...metadata },
    });
  };

  it.each([
    [
      'a Helm release',
      { annotations: { 'meta.helm.sh/release-name': 'hoop' } },
      { tool: 'Helm', detail: 'release "hoop"' },
    ],
    [
      'a Helm chart without the name of its release',
      { labels: { 'app.kubernetes.io/managed-by': 'Helm' } },
      { tool: 'Helm', detail: 'a release' },
    ],
    [
      'Argo CD',
      {
        annotations: {
          'argocd.argoproj.io/tracking-id': 'hoop:/ConfigMap:hoop/hoop-config',
        },
      },
      { tool: 'Argo CD', detail: 'hoop:/ConfigMap:hoop/hoop-config' },
    ],
    [
      'Argo CD by its own label',
      { labels: { 'argocd.argoproj.io/instance': 'hoop' } },
      { tool: 'Argo CD', detail: 'hoop' },
    ],
    [
      'Argo CD by the common label, where there is another mark of it',
      {
        labels: { 'app.kubernetes.io/instance': 'hoop' },
        annotations: { 'argocd.argoproj.io/sync-wave': '1' },
      },
      { tool: 'Argo CD', detail: 'hoop' },
    ],
    [
      'Argo CD by the common label, where it wrote the object',
      {
        labels: { 'app.kubernetes.io/instance': 'hoop' },
        managedFields: [{ manager: 'argocd-controller' }],
      },
      { tool: 'Argo CD', detail: 'hoop' },
    ],
    [
      'an operator',
      { ownerReferences: [{ kind: 'HoopGateway', name: 'main', uid: 'u' }] },
      { tool: 'the controller of HoopGateway', detail: 'HoopGateway "main"' },
    ],
    [
      'a Flux Kustomization',
      { labels: { 'kustomize.toolkit.fluxcd.io/name': 'apps' } },
      { tool: 'Flux', detail: 'apps' },
    ],
    [
      'a Flux HelmRelease',
      { labels: { 'helm.toolkit.fluxcd.io/name': 'hoop' } },
      { tool: 'Flux', detail: 'hoop' },
    ],
  ])('should recognize %s', (_, metadata, expected) => {
    expect(owners(metadata)).toEqual([
      {
        object: 'ConfigMap "hoop-config"',
        advice: expect.stringMatching(/^change /),
        ...expected,
      },
    ]);
  });

  it('should name the action that is to be used instead', () => {
    const advice = (labels: Record<string, string>) =>
      owners({ labels }).map(one => one.advice);
    for (const [label, action] of [
      ['app.kubernetes.io/managed-by', 'hoop:helmValues:patch'],
      ['argocd.argoproj.io/instance', 'hoop:helmValues:patch'],
      ['helm.toolkit.fluxcd.io/name', 'hoop:helmValues:patch'],
      ['kustomize.toolkit.fluxcd.io/name', 'hoop:manifest:patch'],
    ]) {
      expect(advice({ [label]: 'Helm' })).toEqual([
        expect.stringContaining(action),
      ]);
    }
  });

  it('should name each of two', () => {
    expect(
      owners({
        labels: { 'helm.toolkit.fluxcd.io/name': 'hoop' },
        annotations: { 'meta.helm.sh/release-name': 'hoop' },
      }).map(({ tool }) => tool),
    ).toEqual(['Helm', 'Flux']);
  });

  it('should find none for an object without marks, of ours, or that does not exist', () => {
    expect(owners({})).toEqual([]);
    expect(
      owners({ labels: { 'app.kubernetes.io/instance': 'hoop' } }),
    ).toEqual([]);
    expect(
      owners({
        labels: { 'app.kubernetes.io/managed-by': 'backstage-hoop-authentik' },
      }),
    ).toEqual([]);
    expect(ownersOf(undefined)).toEqual([]);
  });
});

describe('nextName', () => {
  it.each([
    ['hoopgateway-idp', 'hoopgateway-idp-2'],
    ['hoopgateway-idp-2', 'hoopgateway-idp-3'],
    ['hoopgateway-idp-9', 'hoopgateway-idp-10'],
    ['7', '7-2'],
  ])('should follow %s by %s', (name, next) => {
    expect(nextName(name)).toBe(next);
  });
});

describe('replacementFor', () => {
  const foreign = secretOf({});
  const ours = madeFor('hoopgateway', secretOf({}));
  const theirs = madeFor('another', secretOf({}));
  const helm = secretOf({});
  helm.metadata.labels = { 'app.kubernetes.io/managed-by': 'Helm' };

  it.each([
    ['x-2', 'nothing is there', {}],
    ['x-2', 'we made it', { 'x-2': ours }],
    ['x-3', 'another process created it', { 'x-2': foreign }],
    ['x-3', 'Helm made it', { 'x-2': helm }],
    ['x-3', 'it was made for another gateway', { 'x-2': theirs }],
    ['x-3', 'it is immutable too', { 'x-2': { ...ours, immutable: true } }],
    ['x-4', 'ours comes later', { 'x-2': foreign, 'x-3': helm, 'x-4': ours }],
  ])('should be %s where %s', (name, _, objects: Record<string, object>) => {
    expect(
      replacementFor('x', 'hoopgateway', one => objects[one] as typeof ours),
    ).toEqual({ name, found: objects[name] });
  });
});
