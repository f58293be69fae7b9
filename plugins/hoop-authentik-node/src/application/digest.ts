import { createHash } from 'node:crypto';
import type { AuthentikApplicationFields } from '../systems/authentik/types';

/**
 * Of the fields of an application, the same before its creation and as authentik returns it, which fills in defaults and
 * cuts white space around texts. Without the icon and `metaHide`, which not every version takes at its creation.
 *
 * @internal
 */
export function digestOf(
  fields: Omit<AuthentikApplicationFields, 'policyEngineMode'> & {
    policyEngineMode?: string;
  },
): string {
  const values = [
    fields.name,
    fields.group ?? '',
    fields.policyEngineMode ?? 'any',
    fields.openInNewTab ?? false,
    fields.metaLaunchUrl ?? '',
    fields.metaPublisher ?? '',
    fields.metaDescription ?? '',
  ].map(value => (typeof value === 'string' ? value.trim() : value));
  return createHash('sha256').update(JSON.stringify(values)).digest('base64');
}
