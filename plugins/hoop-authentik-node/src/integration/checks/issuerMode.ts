import { withValue, type CheckDefinition } from './check';
import { withProvider } from './withProvider';

const PER_PROVIDER = 'per_provider';

/** @internal */
export const issuerMode: CheckDefinition = {
  id: 'authentik.issuerMode',
  system: 'authentik',
  title: 'Issuer is that of the application',
  why: "With the issuer of the whole authentik instead of the application's, the gateway does not start.",
  mend: 'Run the software template again: it sets the issuer mode to per_provider.',
  preflight: true,
  run: input =>
    withProvider(input, provider =>
      provider.issuerMode === PER_PROVIDER
        ? { status: 'pass', actual: PER_PROVIDER }
        : withValue(input.observed.authentik.discovery, document =>
            document?.issuer === input.desired.issuer
              ? { status: 'pass', actual: provider.issuerMode }
              : {
                  status: 'fail',
                  expected: `${PER_PROVIDER}: ${input.desired.issuer}`,
                  actual: `${provider.issuerMode}: ${
                    document?.issuer ?? 'no issuer'
                  }`,
                  remedy:
                    'Run the software template again: it sets the issuer mode of the provider to per_provider.',
                  link: input.desired.application.adminUrl,
                },
          ),
    ),
};
