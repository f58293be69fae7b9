import { AuthentikPermissionError } from '../../systems/authentik';
import { withValue, type CheckDefinition, type CheckInput } from './check';

/** What is read before a switch; without the others something cannot be said, and nothing breaks. */
const NEEDED = ['application', 'provider', 'adminGroup', 'claims'];

/** @internal */
export const permissions: CheckDefinition = {
  id: 'authentik.permissions',
  system: 'authentik',
  title: 'Token may read what is checked',
  why: 'Without a permission something cannot be seen, which is neither a fault of the integration nor an outage.',
  mend: 'Grant the permission that the finding names globally, by a role, to the user of the token.',
  preflight: true,
  run: ({ desired, observed }) => {
    const { version: _, ...facts } = observed.authentik;
    const refused = Object.entries(facts).flatMap(([fact, observation]) => {
      const error = observation.ok ? undefined : observation.error;
      return error instanceof AuthentikPermissionError ? [{ fact, error }] : [];
    });
    if (refused.length === 0) {
      return withValue(observed.authentik.application, () => ({
        status: 'pass',
        actual: 'every read was allowed',
      }));
    }
    const missing = [
      ...new Set(refused.flatMap(({ error }) => error.permission ?? [])),
    ];
    const names = missing.join(', ');
    return {
      status: refused.some(
        ({ fact }) =>
          NEEDED.includes(fact) ||
          // Promised access that cannot be seen is not proven.
          (fact === 'bindings' && desired.allowedGroups?.length),
      )
        ? 'fail'
        : 'warn',
      expected: `a token of ${described(
        desired,
      )} that may read the application and what belongs to it`,
      // Where the server does not name the permission, its own words are all there is to go by.
      actual:
        missing.length > 0
          ? `it lacks the permission${missing.length > 1 ? 's' : ''} ${names}`
          : refused[0].error.message,
      remedy: `Grant ${
        names || 'what is missing'
      } globally by a role to the user of the token.`,
      link: `${desired.authentik.baseUrl}/if/admin/#/identity/roles`,
    };
  },
};

function described({ authentik }: CheckInput['desired']): string {
  return `authentik instance "${authentik.name}" (${authentik.baseUrl})`;
}
