import { InputError } from '@backstage/errors';
import type { ApplicationSpec, BindingSpec } from './types';

/** authentik's own rule. */
const SLUG_PATTERN = /^[-a-zA-Z0-9_]+$/;

/** Names of endpoints under `/application/o/`; servers from 2025.10 refuse them, older ones break. */
const RESERVED_SLUGS = [
  'authorize',
  'token',
  'device',
  'userinfo',
  'introspect',
  'revoke',
];

/** The limit up to 2025.10; later servers have none, but a slug is part of the issuer that people read. */
const LONGEST_SLUG = 50;

/**
 * Refuses what no server would take, before anything is asked of one.
 *
 * @returns the spec as authentik would store it: it trims every text, which would else differ again on the next run
 * @throws InputError naming what was expected and what was found
 * @internal
 */
export function validSpec(given: ApplicationSpec): ApplicationSpec {
  validateSlug(given.slug);
  const spec = Object.fromEntries(
    Object.entries(given).map(([field, value]) => [
      field,
      typeof value === 'string' ? value.trim() : value,
    ]),
  ) as typeof given;
  if (spec.name === '') {
    throw new InputError('The application name must not be empty.');
  }
  refuseRepeatedBindings(spec.bindings ?? []);
  return spec;
}

/**
 * Refuses a slug that no server would take.
 *
 * @throws InputError naming what was expected and what was found
 * @public
 */
export function validateSlug(slug: string): void {
  if (!SLUG_PATTERN.test(slug) || slug.length > LONGEST_SLUG) {
    throw new InputError(
      `The application slug must be 1 to ${LONGEST_SLUG} letters, digits, "-" and "_"; found "${slug}".`,
    );
  }
  if (RESERVED_SLUGS.includes(slug)) {
    throw new InputError(
      `The application slug "${slug}" is reserved by authentik for an endpoint of its own; choose another one.`,
    );
  }
}

/** authentik would take both, and which of two different ones is meant nobody can tell. */
function refuseRepeatedBindings(bindings: BindingSpec[]): void {
  const subjects = bindings.map(({ group, user, policy }) =>
    JSON.stringify([group, user, policy]),
  );
  const twice = subjects.findIndex(
    (subject, index) => subjects.indexOf(subject) !== index,
  );
  if (twice >= 0) {
    throw new InputError(
      `Binding ${twice + 1} names the same group, user or policy as binding ${
        subjects.indexOf(subjects[twice]) + 1
      }; expected each at most once.`,
    );
  }
}
