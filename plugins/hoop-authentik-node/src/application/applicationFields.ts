import type {
  AuthentikApplication,
  AuthentikApplicationFields,
} from '../systems/authentik/types';
import { differing, withoutUndefined, withoutUnknown } from './fields';
import type { ApplicationSpec } from './types';

/** The optional fields of an application, as given. */
function givenApplicationFields(
  spec: ApplicationSpec,
): AuthentikApplicationFields {
  return {
    name: spec.name,
    group: spec.group,
    policyEngineMode: spec.policyEngineMode,
    metaLaunchUrl: spec.launchUrl,
    metaIcon: spec.icon,
    metaPublisher: spec.publisher,
    metaDescription: spec.description,
    openInNewTab: spec.openInNewTab,
    metaHide: spec.hide,
  };
}

/** All fields of an application to create. @internal */
export function newApplication(
  spec: ApplicationSpec,
): AuthentikApplicationFields {
  return withoutUndefined({
    ...givenApplicationFields(spec),
    name: spec.name ?? spec.slug,
    slug: spec.slug,
  });
}

/** The given fields that differ. @internal */
export function applicationPatch(
  spec: ApplicationSpec,
  found: AuthentikApplication,
): AuthentikApplicationFields {
  return withoutUnknown(
    differing(givenApplicationFields(spec), found),
    found,
    'metaHide',
  );
}
