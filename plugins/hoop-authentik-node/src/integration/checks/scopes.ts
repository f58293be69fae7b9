import { withValue, type CheckDefinition } from './check';
import { withProvider } from './withProvider';

/** @internal */
export const scopes: CheckDefinition = {
  id: 'authentik.scopes',
  system: 'authentik',
  title: 'Scopes openid, email and profile are mapped',
  why: 'Without the mappings of email and profile authentik tells the gateway neither an e-mail address nor groups.',
  mend: 'Run the software template again: it adds the mappings.',
  preflight: true,
  run: input =>
    withProvider(input, ({ propertyMappings }) =>
      withValue(input.observed.authentik.discovery, document => {
        // The document lists the scopes of the mappings, and always "openid", whose mapping adds no claim.
        const mapped =
          propertyMappings.length > 0 ? document?.scopes ?? [] : [];
        const missing = input.desired.scopes.filter(
          scope => !mapped.includes(scope),
        );
        const finding = {
          expected: input.desired.scopes.join(', '),
          actual: mapped.join(', ') || 'none',
          link: input.desired.application.adminUrl,
        };
        return missing.length === 0
          ? { status: 'pass', ...finding }
          : {
              status: 'fail',
              ...finding,
              remedy: `Run the software template again: it adds the mapping of ${missing.join(
                ', ',
              )}. Without it the gateway sees no groups or no e-mail address.`,
            };
      }),
    ),
};
