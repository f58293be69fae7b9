import { NotFoundError } from '@backstage/errors';
import type { z } from 'zod';
import type { CallOptions } from '../../../core';
import type { KubernetesAccess } from '../types';
import { KubernetesForbiddenError } from './errors';
import type { Right } from './grantedRights';
import type { KubernetesTransport } from './KubernetesTransport';
import { accessReviewSchema, rulesReviewSchema } from './schemas';

/** Codes with which a server may confirm the creation of an object. @internal */
export const CREATED = [200, 201, 202];

const API_VERSION = 'authorization.k8s.io/v1';

type Rules = NonNullable<z.output<typeof rulesReviewSchema>['status']>;

/**
 * Asks whether our account has some rights in a namespace: for all of its rules, and one by one for what these do not show,
 * where an authorizer does not list its rules.
 *
 * @internal
 */
export async function reviewAccess(
  transport: KubernetesTransport,
  namespace: string,
  accesses: readonly KubernetesAccess[],
  options: CallOptions | undefined,
): Promise<boolean[]> {
  const rules = await rulesIn(transport, namespace, options);
  return Promise.all(
    accesses.map(async access => {
      const { verb, name } = access;
      const right = { verb, resource: resourceOf(access), namespace, name };
      if (rules?.resourceRules?.some(rule => permits(rule, access))) {
        transport.rights.note(right);
        return true;
      }
      return rules?.incomplete === false && !transport.rights.has(right)
        ? false
        : isAllowed(transport, right, access, options);
    }),
  );
}

/** `undefined` where the cluster does not tell. */
async function rulesIn(
  transport: KubernetesTransport,
  namespace: string,
  options: CallOptions | undefined,
): Promise<Rules | undefined> {
  try {
    const review = await ask(
      transport,
      'SelfSubjectRulesReview',
      { namespace },
      namespace,
      rulesReviewSchema,
      options,
    );
    return review.status;
  } catch (error) {
    if (KubernetesForbiddenError.is(error) || NotFoundError.is(error)) {
      return undefined;
    }
    throw error;
  }
}

async function isAllowed(
  transport: KubernetesTransport,
  right: Right,
  access: KubernetesAccess,
  options: CallOptions | undefined,
): Promise<boolean> {
  const { namespace } = right;
  const refusal = new KubernetesForbiddenError('not allowed', right);
  try {
    await transport.rights.use(
      right,
      async () => {
        const review = await ask(
          transport,
          'SelfSubjectAccessReview',
          { resourceAttributes: { ...access, namespace } },
          namespace,
          accessReviewSchema,
          options,
        );
        if (review.status?.allowed !== true) {
          throw refusal;
        }
      },
      options,
    );
    return true;
  } catch (error) {
    if (error === refusal) {
      return false;
    }
    throw error;
  }
}

async function ask<Schema extends z.ZodType>(
  transport: KubernetesTransport,
  kind: string,
  spec:
    | { namespace: string }
    | { resourceAttributes: KubernetesAccess & { namespace: string } },
  namespace: string,
  schema: Schema,
  options: CallOptions | undefined,
): Promise<z.output<Schema>> {
  const resource = `${kind.toLowerCase()}s`;
  const about = 'resourceAttributes' in spec ? spec.resourceAttributes : spec;
  const { value } = await transport.json(
    { ...transport.called, verb: 'create', resource, namespace },
    {
      method: 'POST',
      path: `apis/${API_VERSION}/${resource}`,
      headers: { 'content-type': 'application/json' },
      expect: CREATED,
      plain: [API_VERSION, kind, ...Object.values(about)],
      body: JSON.stringify({ apiVersion: API_VERSION, kind, spec }),
    },
    options,
    schema,
  );
  return value;
}

function permits(
  rule: NonNullable<Rules['resourceRules']>[number],
  access: KubernetesAccess,
): boolean {
  const { verbs = [], apiGroups = [], resources = [], resourceNames } = rule;
  const { verb, group = '', subresource, name } = access;
  return (
    isAmong(verbs, verb) &&
    isAmong(apiGroups, group) &&
    (isAmong(resources, resourceOf(access)) ||
      (subresource !== undefined && resources.includes(`*/${subresource}`))) &&
    (!resourceNames?.length ||
      (name !== undefined && resourceNames.includes(name)))
  );
}

function isAmong(values: readonly string[], value: string): boolean {
  return values.includes('*') || values.includes(value);
}

function resourceOf({ resource, subresource }: KubernetesAccess): string {
  return subresource ? `${resource}/${subresource}` : resource;
}
