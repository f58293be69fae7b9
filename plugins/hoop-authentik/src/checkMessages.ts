import {
  CAUSE_IDS,
  CHECK_IDS,
  type BuiltInCheckId,
  type CauseId,
} from 'backstage-plugin-hoop-authentik-common';

/** A check that comes with the plugins, or an outage or refusal. @internal */
export type TranslatedId = BuiltInCheckId | CauseId;

/** In English the backend has the words, which are exact for what it found. */
const AS_FOUND = '{{text}}';

const IDS: readonly TranslatedId[] = [...CHECK_IDS, ...CAUSE_IDS];

/** A message for each check and cause, by its id. @internal */
export const checkMessages = Object.fromEntries(
  IDS.map(id => [id, AS_FOUND]),
) as Record<TranslatedId, typeof AS_FOUND>;

/** Those that third parties add, and those of newer backends, come with their own texts. @internal */
export function isTranslated(id: string): id is TranslatedId {
  return Object.hasOwn(checkMessages, id);
}
