import { withoutTarget, withState } from '../__testUtils__/goodObservation';
import { faultsOf, type CheckCase } from '../__testUtils__/faultsOf';
import { image } from './image';

const withImage = (reference: string | undefined) =>
  withState(state => {
    state.image = reference;
  });

describe('image', () => {
  it.each<CheckCase>([
    {
      when: 'the tag is a version',
      status: 'pass',
      actual: 'hoophq/hoop:1.148.0',
    },
    {
      when: 'there is a digest beside a moving tag',
      change: withImage(`hoophq/hoop:latest@sha256:${'ab'.repeat(32)}`),
      status: 'pass',
    },
    {
      when: 'the registry has a port',
      change: withImage('registry.company:5000/hoop:v1.148.0-alpine'),
      status: 'pass',
    },
    {
      when: 'the tag is a commit',
      change: withImage('hoophq/hoop:e939597d'),
      status: 'pass',
    },
    {
      when: 'the tag is latest',
      change: withImage('hoophq/hoop:latest'),
      status: 'warn',
      expected: 'a tag of one version, such as 1.148.0, or a digest',
      actual: 'tag "latest" moves',
      remedy: 'a restart may bring another version',
    },
    {
      when: 'there is none, only a port',
      change: withImage('registry.company:5000/hoop'),
      status: 'warn',
      actual: 'tag "latest" moves',
    },
    {
      when: 'the tag is a line of versions',
      change: withImage('hoophq/hoop:1.148'),
      status: 'warn',
      actual: 'tag "1.148" moves',
    },
    {
      when: 'the target knows of no image',
      change: withImage(undefined),
      status: 'skipped',
    },
    {
      when: 'the cluster does not answer',
      change: withoutTarget,
      status: 'unknown',
    },
  ])('should find "$status" when $when', wanted => {
    expect(faultsOf(image, wanted)).toEqual([]);
  });
});
