import { nextName, replacementFor } from './replacements';
import { madeFor, secretOf } from '../__testUtils__/gatewayObjects';

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
    ['x-3', 'somebody else made it', { 'x-2': foreign }],
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
