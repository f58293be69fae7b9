import { skipped, withValue, type CheckDefinition } from './check';

/** A version of three numbers or a commit: what was tagged so is not expected to move. */
const FIXED_TAG = /^(v?\d+\.\d+\.\d+(?:[-+_.].*)?|[0-9a-f]{7,40})$/i;

/** @internal */
export const image: CheckDefinition = {
  id: 'kubernetes.image',
  system: 'kubernetes',
  title: 'Gateway image is a fixed version',
  why: 'A restart pulls whatever a moving tag names by then, so that a change of settings may bring an upgrade along.',
  mend: 'Name a fixed version, or a digest, in the Deployment.',
  preflight: false,
  run: ({ observed }) =>
    withValue(observed.target, ({ state }) => {
      if (!state.image) {
        return skipped('the image is not told');
      }
      const tag = tagOf(state.image);
      return tag === undefined || FIXED_TAG.test(tag)
        ? { status: 'pass', actual: state.image }
        : {
            status: 'warn',
            expected: 'a tag of one version, such as 1.148.0, or a digest',
            actual: `${state.image}, whose tag "${tag}" moves`,
            remedy:
              'Name a version in the Deployment: with a moving tag a restart may bring another version of the gateway, which may also change its database.',
          };
    }),
};

/** The tag that counts; `undefined` where a digest does. The registry's port is no tag. */
function tagOf(reference: string): string | undefined {
  return reference.includes('@')
    ? undefined
    : /:([^:/]+)$/.exec(reference)?.[1] ?? 'latest';
}
