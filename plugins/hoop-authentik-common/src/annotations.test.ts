import {
  ANNOTATION_AUTHENTIK_APPLICATION,
  ANNOTATION_HOOP_GATEWAY,
  isHoopAuthentikAvailable,
} from './annotations';

const entityWith = (annotations?: Record<string, string>) => ({
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: { name: 'hoop', annotations },
});

describe('isHoopAuthentikAvailable', () => {
  it('should be so for an entity that names its gateway', () => {
    expect(
      isHoopAuthentikAvailable(entityWith({ 'hoop.dev/gateway': 'prod' })),
    ).toBe(true);
  });

  it.each([
    ['without annotations', undefined],
    ['with an empty name', { [ANNOTATION_HOOP_GATEWAY]: '' }],
    ['with an application alone', { [ANNOTATION_AUTHENTIK_APPLICATION]: 'x' }],
  ])('should not be so for an entity %s', (_, annotations) => {
    expect(isHoopAuthentikAvailable(entityWith(annotations))).toBe(false);
  });
});
