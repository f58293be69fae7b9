import { ownersOf } from './owners';
import { configMapOf } from './testing/gatewayObjects';

describe('ownersOf', () => {
  const owners = (metadata: {
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
  }) => {
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
      { object: 'ConfigMap "hoop-config"', ...expected },
    ]);
  });

  it('should name each of two', () => {
    expect(
      owners({
        labels: { 'helm.toolkit.fluxcd.io/name': 'hoop' },
        annotations: { 'meta.helm.sh/release-name': 'hoop' },
      }).map(({ tool }) => tool),
    ).toEqual(['Helm', 'Flux']);
  });

  it('should find none for an object of nobody, of ours, or that is not there', () => {
    expect(owners({})).toEqual([]);
    expect(
      owners({
        labels: { 'app.kubernetes.io/managed-by': 'backstage-hoop-authentik' },
      }),
    ).toEqual([]);
    expect(ownersOf(undefined)).toEqual([]);
  });
});
