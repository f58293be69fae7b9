import { withValue, type CheckDefinition } from './check';

/** @internal */
export const application: CheckDefinition = {
  id: 'authentik.application',
  system: 'authentik',
  title: 'Application exists',
  why: 'The gateway signs people in with an authentik application; without one there is no client id, no secret and no issuer.',
  mend: 'Connect the gateway with the software template, which creates the application.',
  preflight: true,
  run: ({ desired, observed }) =>
    withValue(observed.authentik.application, found =>
      found
        ? {
            status: 'pass',
            actual: `"${found.name}" (${found.slug})`,
            link: desired.application.adminUrl,
          }
        : {
            status: 'fail',
            expected: `an application with the slug "${desired.application.slug}"`,
            actual: 'none',
            remedy:
              'Connect the gateway with the software template, which creates the application.',
          },
    ),
};
