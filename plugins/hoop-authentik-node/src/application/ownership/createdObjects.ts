import type {
  AuthentikApplication,
  AuthentikProvider,
} from '../../systems/authentik/types';
import type { CreatedObject } from '../records';
import type { Server } from './owned';

/** @internal */
export function recordOf(
  { baseUrl }: Server,
  { slug }: Pick<AuthentikApplication, 'slug'>,
  proof?: string,
): CreatedObject {
  return { system: baseUrl, kind: 'application', name: slug, proof };
}

/** @internal */
export function providerRecordOf(
  { baseUrl }: Server,
  { name, clientId }: Pick<AuthentikProvider, 'name' | 'clientId'>,
): CreatedObject {
  return { system: baseUrl, kind: 'provider', name, proof: clientId };
}

/** By its name until its key is known. @internal */
export function keyRecordOf(
  { baseUrl }: Server,
  nameOrKey: string,
): CreatedObject {
  return { system: baseUrl, kind: 'certificate', name: nameOrKey };
}
