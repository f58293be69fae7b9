import type { AuthentikProvider } from '../systems/authentik/types';
import { SecretValue } from '../core';

/** Stands for the provider of an application that another step has only planned. @internal */
export const PLANNED_CLIENT: Pick<
  AuthentikProvider,
  'clientId' | 'clientSecret'
> = {
  clientId: '(given by authentik)',
  // Not the same words: a plan hides every value that equals the secret.
  clientSecret: new SecretValue('(made by authentik)'),
};
