import { parseDocument } from 'yaml';
import { describeValue, reasonOf, type CallOptions } from '../core';
import type {
  AuthentikBlueprint,
  AuthentikClient,
} from '../systems/authentik/types';
import type { ApplicationFacts } from './facts';
import type { ApplicationPlan } from './planApplication';

/** Applying a blueprint again changes what it has as one of these back. */
const KEPT_STATES = ['present', undefined];

/** A longer text is no blueprint that anyone wrote. */
const MOST_CHARACTERS = 1024 * 1024;

type Names = { slug: string | undefined; provider: string | undefined };

/**
 * The blueprints that have an application or a provider among their entries, as far as authentik shows them: of one that
 * is a file it shows no entries; pure.
 *
 * @internal
 */
export function blueprintsOf(
  blueprints: readonly AuthentikBlueprint[],
  names: Names,
): string[] {
  return blueprints
    .filter(
      ({ enabled, content }) =>
        enabled && entriesOf(content).some(entry => isAbout(entry, names)),
    )
    .map(({ name }) => name);
}

/**
 * What a reader of a plan has to know before objects are changed that a blueprint would change back. Asks authentik only
 * where the plan changes what exists.
 *
 * @internal
 */
export async function blueprintNotes(
  client: AuthentikClient,
  { application, provider }: ApplicationFacts,
  plan: ApplicationPlan,
  options: CallOptions | undefined,
): Promise<string[]> {
  const names = {
    slug:
      Object.keys(plan.application).length > 0 ? application?.slug : undefined,
    provider:
      Object.keys(plan.provider).length > 0 ? provider?.name : undefined,
  };
  if (names.slug === undefined && names.provider === undefined) {
    return [];
  }
  try {
    const found = blueprintsOf(await client.listBlueprints(options), names);
    return found.length === 0
      ? []
      : [
          `authentik's blueprint ${found
            .map(describeValue)
            .join(
              ' and ',
            )} manages what is changed here, and changes it back when it is applied again. Make the same change there.`,
        ];
  } catch (error) {
    options?.signal?.throwIfAborted();
    return [
      `Whether a blueprint manages what is changed here could not be determined: ${reasonOf(
        error,
      )}`,
    ];
  }
}

function entriesOf(content: string): unknown[] {
  if (content === '' || content.length > MOST_CHARACTERS) {
    return [];
  }
  try {
    // Its own tags, such as !KeyOf, stay as they are written.
    const data: unknown = parseDocument(content, { logLevel: 'silent' }).toJS();
    const entries = memberOf(data, 'entries');
    return Array.isArray(entries)
      ? entries
      : Object.values(entries ?? {}).flat();
  } catch {
    return [];
  }
}

function isAbout(entry: unknown, { slug, provider }: Names): boolean {
  const has = (field: string, wanted: string | undefined) =>
    wanted !== undefined &&
    ['identifiers', 'attrs'].some(
      part => memberOf(memberOf(entry, part), field) === wanted,
    );
  if (!KEPT_STATES.some(state => state === memberOf(entry, 'state'))) {
    return false;
  }
  switch (memberOf(entry, 'model')) {
    case 'authentik_core.application':
      return has('slug', slug);
    case 'authentik_providers_oauth2.oauth2provider':
      return has('name', provider);
    default:
      return false;
  }
}

function memberOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null
    ? (value as Record<string, unknown>)[key]
    : undefined;
}
