import { AuthentikPermissionError } from '../../systems/authentik';
import { missingPermissions } from '../causes';
import { ForeignApplicationError } from '../observe';
import {
  pass,
  withAuthentik,
  type CheckDefinition,
  type CheckInput,
} from './check';

/** @internal */
export const authentikReachable: CheckDefinition = {
  id: 'authentik.reachable',
  system: 'authentik',
  title: 'authentik answers and accepts the token',
  why: 'Nothing about authentik can be checked while it does not answer or refuses the token.',
  remedy:
    'Follow the problem that names the cause: make authentik reachable for this backend at the baseUrl in app-config, or set a valid API token.',
  preflight: true,
  run: input => {
    const { application, version } = input.observed.authentik;
    const reached = pass(version && `version ${version}`, {
      ...(version ? { params: { version } } : {}),
    });
    // A refused permission is an answer too.
    return !application.ok &&
      (application.error instanceof AuthentikPermissionError ||
        application.error instanceof ForeignApplicationError)
      ? reached
      : withAuthentik(input, 'application', () => reached);
  },
};

/** What is read before a switch; without the others a check stays undecided, and nothing breaks. */
const NEEDED = ['application', 'provider', 'adminGroup', 'claims'];

/** @internal */
export const permissions: CheckDefinition = {
  id: 'authentik.permissions',
  system: 'authentik',
  title: 'Token has the required read permissions',
  why: 'Without a permission some checks cannot be decided, which is neither a fault of the integration nor an outage.',
  remedy:
    'Grant the permission that the finding names globally, through a role, to the user of the token.',
  preflight: true,
  run: input => {
    const { desired, observed } = input;
    const { version: _, ...facts } = observed.authentik;
    const refused = Object.entries(facts).flatMap(([fact, observation]) => {
      const error = observation.ok ? undefined : observation.error;
      return error instanceof AuthentikPermissionError ? [{ fact, error }] : [];
    });
    if (refused.length === 0) {
      return withAuthentik(input, 'application', () =>
        pass('every read was allowed'),
      );
    }
    const names = missingPermissions(refused.map(({ error }) => error));
    return {
      status: refused.some(
        ({ fact }) =>
          NEEDED.includes(fact) ||
          // Promised access that cannot be seen is not proven.
          (fact === 'bindings' && desired.allowedGroups?.length),
      )
        ? 'fail'
        : 'warn',
      cause: 'authentik.permission-missing',
      expected: `a token of ${described(
        desired,
      )} that may read the application and its objects`,
      // Where the server does not name the permission, its own words are all there is to go by.
      actual: names
        ? `it lacks the permission${names.includes(',') ? 's' : ''} ${names}`
        : refused[0].error.message || 'it lacks a permission',
      remedy: `Grant ${
        names || 'the missing permission'
      } globally to the user of the token, through a role.`,
      link: `${desired.authentik.baseUrl}/if/admin/#/identity/roles`,
      params: { permissions: names, instance: desired.authentik.name },
    };
  },
};

function described({ authentik }: CheckInput['desired']): string {
  return `authentik instance "${authentik.name}" (${authentik.baseUrl})`;
}

/** @internal */
export const application: CheckDefinition = {
  id: 'authentik.application',
  system: 'authentik',
  title: 'Application exists',
  why: 'The gateway signs people in with an authentik application; without one there is no client id, no secret and no issuer.',
  remedy:
    'Connect the gateway with the software template, which creates the application.',
  preflight: true,
  run: input => {
    const { slug, adminUrl } = input.desired.application;
    const observation = input.observed.authentik.application;
    if (
      !observation.ok &&
      observation.error instanceof ForeignApplicationError
    ) {
      return {
        status: 'fail',
        expected:
          'an application that app-config names for the gateway, or that leads to it',
        actual: `"${slug}", which does neither and is not shown here`,
        remedy:
          'Correct the annotation goauthentik.io/application of the entity, or set application of the gateway in app-config to this slug.',
        params: { case: 'foreign', slug },
      };
    }
    return withAuthentik(input, 'application', found =>
      found
        ? pass(`"${found.name}" (${found.slug})`, {
            link: adminUrl,
            params: { name: found.name, slug },
          })
        : {
            status: 'fail',
            expected: `an application with the slug "${slug}"`,
            actual: 'none',
            remedy:
              'Connect the gateway with the software template, which creates the application.',
            fix: { action: 'connect' },
            params: { slug },
          },
    );
  },
};
