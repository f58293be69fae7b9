import { skipped, type CheckDefinition } from './check';
import { withProvider } from './withProvider';

/** @internal */
export const grantTypes: CheckDefinition = {
  id: 'authentik.grant-types',
  system: 'authentik',
  title: 'Grant types allow the authorization code',
  why: 'From 2026.5 authentik refuses every sign-in of a provider that does not list the authorization code among its grant types.',
  mend: 'Run the software template again: it adds the grant types.',
  preflight: true,
  run: input =>
    withProvider(input, ({ grantTypes: found }) => {
      if (!found) {
        return skipped('this version of authentik does not restrict them');
      }
      const finding = {
        expected: input.desired.grantTypes.join(', '),
        actual: found.join(', ') || 'none',
        link: input.desired.application.adminUrl,
      };
      if (!found.includes('authorization_code')) {
        return {
          status: 'fail',
          ...finding,
          remedy:
            'Run the software template again: without this grant type authentik refuses every login.',
        };
      }
      return input.desired.grantTypes.every(grant => found.includes(grant))
        ? { status: 'pass', ...finding }
        : {
            status: 'warn',
            ...finding,
            remedy:
              'Run the software template again, so that sessions can be refreshed.',
          };
    }),
};
