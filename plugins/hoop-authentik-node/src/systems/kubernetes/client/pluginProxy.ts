import { ServiceUnavailableError } from '@backstage/errors';
import { z } from 'zod';
import {
  type FailureKind,
  ForeignText,
  withFailure,
  withRemedy,
} from '../../../core';
import type { HttpResponse } from '../../../http';
import { describeCall, type KubernetesCall } from './call';

const PACKAGE = '@backstage/plugin-kubernetes-backend';

/** How a Backstage backend answers where it refuses or fails itself. */
const backstageErrorSchema = z.object({
  error: z.object({ name: z.string(), message: z.string().catch('') }),
});

/** What http-proxy-middleware reports where the cluster gave no answer. */
const NO_ANSWER = /request error/;

/** Strategies that only work with the token of a signed-in person. */
const NEEDS_A_PERSON = /\btoken not found under auth\./i;

const MOST_CHARACTERS = 500;

/**
 * The error for an answer of the Kubernetes plugin itself, in place of the cluster's; `undefined` where it is none.
 * @internal
 */
export function errorOfPlugin(
  call: KubernetesCall,
  response: HttpResponse,
): Error | undefined {
  const cluster = call.behindPlugin;
  if (cluster === undefined) {
    return undefined;
  }
  const parsed = backstageErrorSchema.safeParse(response.json());
  const { name, message } = parsed.success
    ? parsed.data.error
    : { name: '', message: '' };
  if (!name && (response.status !== 404 || response.body.length > 0)) {
    return undefined;
  }
  const said = message
    ? ` (${response.status}: ${response
        .formatter()
        .quote(new ForeignText(message), MOST_CHARACTERS)})`
    : ` (${response.status})`;
  const fail = (kind: FailureKind, why: string, remedy: string) =>
    withFailure(
      withRemedy(
        new ServiceUnavailableError(
          `${describeCall(call)}: ${why}${said}. ${remedy}`,
        ),
        remedy,
      ),
      { kind, status: response.status, system: 'kubernetes' },
    );
  if (!name) {
    return fail(
      'unexpected-answer',
      "nothing answers at the address of the Kubernetes plugin's proxy",
      `Install ${PACKAGE} in this backend, or set a "kubeconfig" for the gateway's cluster.`,
    );
  }
  switch (response.status) {
    case 401:
      return fail(
        'credentials-refused',
        'the Kubernetes plugin does not accept the token of this backend',
        'Where it runs in another backend, set up authentication between the two as for other plugins.',
      );
    case 403:
      return fail(
        'permission-missing',
        'the Kubernetes plugin refuses this backend its proxy',
        'Allow the permission kubernetes.proxy to it: an access restriction of the token that is used excludes it.',
      );
    case 404:
      return fail(
        'unexpected-answer',
        `the Kubernetes plugin does not know the cluster "${cluster}"`,
        "Check its name against the clusters that the plugin's locators find.",
      );
    default:
      if (NO_ANSWER.test(message)) {
        return fail(
          'unreachable',
          'the Kubernetes plugin got no answer from the cluster',
          'Check the address of the cluster in the configuration of the plugin, and the network between the two.',
        );
      }
      return NEEDS_A_PERSON.test(message)
        ? fail(
            'credentials-refused',
            'the authProvider of the cluster needs the token of a signed-in person, which a backend has not',
            'Use an authProvider that works on a server, such as googleServiceAccount or azure, or set a "kubeconfig".',
          )
        : fail(
            response.status === 503 ? 'overloaded' : 'server-error',
            'the Kubernetes plugin fails before it asks the cluster',
            'Look for the reason in the log of the backend: most often it has no credentials for the cluster.',
          );
  }
}
