import { InputError } from '@backstage/errors';
import type { CallOptions, PlanLine } from '../core';
import type {
  AuthentikBindingFields,
  AuthentikClient,
} from '../systems/authentik/types';
import { unknownName } from './refusals';
import type { ApplicationSpec, BindingSpec } from './spec';

/**
 * One binding to create, change or remove.
 *
 * @alpha
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
 * A wanted binding with its subject resolved to a key; without an order an existing binding keeps its own, and a new one
 * takes its position in the list.
 *
 * @alpha
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

/** A binding without options is meant to let its subject in; to disable or negate it takes the option. */
const IN_FORCE = { enabled: true, negate: false };

/**
 * Compares the wanted bindings with those of the application by the object they bind; pure. authentik accepts the same
 * binding twice, so an existing one is never created again. Bindings to enable come first, then those to disable, then
 * removals: an application that has an enabled binding always keeps one, because without any everyone can sign in.
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
    ...(fields.expires === undefined
      ? []
      : [`until ${fields.expires.slice(0, 10)}`]),
  ].join(', ');
}

function describeSubject(
  subject: BindingChange['subject'],
  spec: Pick<ApplicationSpec, 'bindings'>,
): string {
  const given =
    subject.index === undefined ? undefined : spec.bindings?.[subject.index];
  if (!given) {
    return subject.key;
  }
  if (given.group !== undefined) {
    return `group "${given.group}"`;
  }
  return given.user === undefined
    ? `policy "${given.policy}"`
    : `user "${given.user}"`;
}

/** What a reader of the plan has to know of wanted bindings that exist and end: they are kept as they are. @internal */
export function endingNotes(
  existing: Existing[],
  wanted: WantedBinding[],
  spec: Pick<ApplicationSpec, 'bindings'>,
): string[] {
  return wanted.flatMap((fields, index) => {
    const key = subjectKey(fields);
    const same = existing.filter(one => subjectKey(one) === key);
    const ends = same.map(({ expires }) => expires ?? '');
    return ends.length === 0 || ends.includes('')
      ? []
      : [
          `The binding of ${describeSubject(
            { index, key },
            spec,
          )} ends on ${ends
            .sort()
            .at(-1)!
            .slice(0, 10)}. To keep it longer, remove its end in authentik.`,
        ];
  });
}

/** One line for each binding that changes. @internal */
export function bindingPlanLines(
  bindings: BindingChange[],
  spec: Pick<ApplicationSpec, 'slug' | 'bindings'>,
): PlanLine[] {
  return bindings.map(change => ({
    object: `authentik application "${spec.slug}"`,
    field: `binding ${describeSubject(change.subject, spec)}`,
    from: change.from,
    to: change.to,
  }));
}

/**
 * Finds the objects that bindings name.
 *
 * @throws InputError naming what does not exist
 * @internal
 */
export async function resolveBindings(
  client: AuthentikClient,
  bindings: BindingSpec[],
  options?: CallOptions,
): Promise<WantedBinding[]> {
  return Promise.all(
    bindings.map(async (binding, index) => {
      const subjects = [binding.group, binding.user, binding.policy].filter(
        name => name !== undefined,
      );
      if (subjects.length !== 1) {
        throw new InputError(
          `Binding ${
            index + 1
          } must name exactly one of group, user and policy; found ${
            subjects.length
          }.`,
        );
      }
      return {
        ...(await resolveSubject(client, binding, options)),
        order: binding.order,
        negate: binding.negate,
        enabled: binding.enabled,
        timeout: binding.timeout,
        failureResult: binding.failureResult,
      };
    }),
  );
}

async function resolveSubject(
  client: AuthentikClient,
  binding: BindingSpec,
  options?: CallOptions,
): Promise<Pick<AuthentikBindingFields, 'group' | 'user' | 'policy'>> {
  if (binding.group !== undefined) {
    const group = await client.findGroup(binding.group, options);
    if (!group) {
      const names = (await client.listGroups(options)).map(({ name }) => name);
      throw unknownName(client, 'group', binding.group, names);
    }
    return { group: group.pk };
  }
  if (binding.user !== undefined) {
    const user = await client.findUser(binding.user, options);
    if (!user) {
      throw unknownName(client, 'user', binding.user);
    }
    return { user: user.pk };
  }
  const policy = await client.findPolicy(binding.policy!, options);
  if (!policy) {
    throw unknownName(client, 'policy', binding.policy!);
  }
  return { policy: policy.pk };
}
