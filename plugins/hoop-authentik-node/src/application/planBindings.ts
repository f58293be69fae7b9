import type { AuthentikBindingFields } from '../systems/authentik/types';

/**
 * One binding to create, change or remove.
 *
 * @public
 */
export interface BindingChange {
  kind: 'create' | 'update' | 'delete';
  /** The existing binding, for changes and removals. */
  pk: string | undefined;
  fields: AuthentikBindingFields;
  /** `index` is the position among the wanted bindings; `key` identifies the bound object. */
  subject: { index: number | undefined; key: string };
  from: string;
  to: string;
}

type Existing = AuthentikBindingFields & { pk: string };

/**
 * A wanted binding with its subject resolved to a key; an order that is not given is left as it is, or on a new binding
 * the position in the list.
 *
 * @public
 */
export type WantedBinding = Omit<AuthentikBindingFields, 'order'> & {
  order?: number;
};

/** Seconds; authentik's own. */
const DEFAULT_TIMEOUT = 30;

const OPTIONS = [
  'order',
  'enabled',
  'negate',
  'timeout',
  'failureResult',
] as const;

/** To want somebody bound means that the binding counts, and lets them in: a disabled or negated one is another wish. */
const IN_FORCE = { enabled: true, negate: false };

/**
 * Compares the wanted bindings with those of the application by the object they bind; pure. authentik accepts the same
 * binding twice, so a wanted one that exists is never created again. Enabled ones come before those to disable, and
 * these before removals, so that an application that had an enabled binding is never without: then everyone could sign
 * in.
 *
 * @internal
 */
export function planBindings(
  existing: Existing[],
  wanted: WantedBinding[],
  mode: 'additive' | 'authoritative',
): BindingChange[] {
  const unused = [...existing];
  const changes = wanted.flatMap((fields, index): BindingChange[] => {
    const key = subjectKey(fields);
    const at = unused.findIndex(candidate => subjectKey(candidate) === key);
    if (at < 0) {
      return [
        {
          kind: 'create',
          pk: undefined,
          fields: { ...fields, order: fields.order ?? index },
          subject: { index, key },
          from: '(none)',
          to: describe({ ...fields, order: fields.order ?? index }),
        },
      ];
    }
    const [found] = unused.splice(at, 1);
    const merged: Existing = { ...found, ...IN_FORCE, ...definedOf(fields) };
    if (OPTIONS.every(option => merged[option] === found[option])) {
      return [];
    }
    return [
      {
        kind: 'update',
        pk: found.pk,
        fields: merged,
        subject: { index, key },
        from: describe(found),
        to: describe(merged),
      },
    ];
  });
  const removals =
    mode === 'authoritative' && wanted.length > 0
      ? unused.map(
          (found): BindingChange => ({
            kind: 'delete',
            pk: found.pk,
            fields: found,
            subject: { index: undefined, key: subjectKey(found) },
            from: describe(found),
            to: '(removed)',
          }),
        )
      : [];
  return [
    ...changes.filter(({ fields }) => fields.enabled !== false),
    ...changes.filter(({ fields }) => fields.enabled === false),
    ...removals,
  ];
}

function subjectKey({ group, user, policy }: WantedBinding): string {
  if (group !== undefined) {
    return `group ${group}`;
  }
  return user === undefined ? `policy ${policy}` : `user ${user}`;
}

function definedOf(fields: WantedBinding): Partial<WantedBinding> {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  );
}

function describe(fields: AuthentikBindingFields): string {
  return [
    `order ${fields.order}`,
    fields.enabled === false ? 'disabled' : 'enabled',
    ...(fields.negate ? ['negated'] : []),
    ...(fields.timeout === undefined || fields.timeout === DEFAULT_TIMEOUT
      ? []
      : [`timeout ${fields.timeout} s`]),
    ...(fields.failureResult ? ['passes when it fails'] : []),
  ].join(', ');
}
