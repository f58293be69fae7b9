import type { CheckDefinition } from './check';
import { withProvider } from './withProvider';

/** @internal */
export const encryptionKey: CheckDefinition = {
  id: 'authentik.encryptionKey',
  system: 'authentik',
  title: 'Tokens are not encrypted',
  why: 'The gateway cannot read an encrypted token, so that every sign-in fails.',
  mend: 'Run the software template again: it removes the encryption key.',
  preflight: true,
  run: input =>
    withProvider(input, provider =>
      provider.encryptionKey === undefined
        ? { status: 'pass', actual: 'no encryption key' }
        : {
            status: 'fail',
            expected: 'no encryption key',
            actual: 'tokens are encrypted',
            remedy:
              'Run the software template again: it removes the encryption key, since the gateway cannot read an encrypted token.',
            link: input.desired.application.adminUrl,
          },
    ),
};
