import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { ClusterWorkbench } from '../ClusterWorkbench';

const REVIEWS = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';
const RULES = '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews';

function reviewOf(
  namespace: string,
  verb: string,
  resource: string,
  name?: string,
) {
  return {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SelfSubjectAccessReview',
    spec: { resourceAttributes: { namespace, verb, resource, name } },
  };
}

export function accessStatements(workbench: ClusterWorkbench): void {
  it('a question about our rights is answered, and what we just did is allowed', async () => {
    const { client, namespace } = workbench;
    await client.create('ConfigMap', workbench.configMap());
    assert.deepEqual(
      await client.mayI(namespace, [
        { verb: 'create', resource: 'configmaps' },
        { verb: 'patch', resource: 'configmaps', name: 'any' },
      ]),
      [true, true],
    );
    const { status, body } = await workbench.raw('POST', REVIEWS, {
      body: reviewOf(namespace, 'create', 'configmaps'),
    });
    assert.equal(status, 201);
    const review = body as {
      kind: string;
      status: { allowed: boolean };
    };
    assert.equal(review.kind, 'SelfSubjectAccessReview');
    assert.equal(review.status.allowed, true);
  });

  it('all our rights in a namespace come in one answer, with whether they are all', async () => {
    const { status, body } = await workbench.raw('POST', RULES, {
      body: {
        apiVersion: 'authorization.k8s.io/v1',
        kind: 'SelfSubjectRulesReview',
        spec: { namespace: workbench.namespace },
      },
    });
    assert.equal(status, 201);
    const review = body as {
      status: {
        resourceRules: Array<{ verbs: string[] }>;
        incomplete: boolean;
      };
    };
    assert.equal(typeof review.status.incomplete, 'boolean');
    assert.ok(review.status.resourceRules.some(rule => rule.verbs.length > 0));
  });

  it('a wrong token is 401 with a Status', async () => {
    const { status, body } = await workbench.raw(
      'GET',
      workbench.core('configmaps/x'),
      { token: 'no-token-of-this-cluster' },
    );
    assert.equal(status, 401);
    const { kind, reason } = body as { kind: string; reason: string };
    assert.deepEqual(
      { kind, reason },
      { kind: 'Status', reason: 'Unauthorized' },
    );
  });

  if (workbench.target.sandbox) {
    const { controlUrl } = workbench.target.sandbox;
    it('a rule for one name allows that object alone, and never to create (sandbox only: it takes another account)', async () => {
      const { namespace } = workbench;
      const identity = await fetch(`${controlUrl}/kubernetes/identities`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          user: 'contract',
          rules: [
            {
              apiGroups: [''],
              resources: ['secrets'],
              verbs: ['get', 'patch', 'create'],
              resourceNames: ['one'],
              namespaces: [namespace],
            },
          ],
        }),
      });
      const { token } = (await identity.json()) as { token: string };
      const may = async (verb: string, name?: string, where = namespace) => {
        const { body } = await workbench.raw('POST', REVIEWS, {
          token,
          body: reviewOf(where, verb, 'secrets', name),
        });
        return (body as { status: { allowed: boolean } }).status.allowed;
      };
      assert.equal(await may('patch', 'one'), true);
      assert.equal(await may('patch', 'two'), false);
      assert.equal(await may('delete', 'one'), false);
      assert.equal(await may('patch', 'one', 'default'), false);
      assert.equal(await may('create'), false);
      const { status, body } = await workbench.raw(
        'GET',
        workbench.core('secrets/two'),
        { token },
      );
      assert.equal(status, 403);
      const refusal = body as { reason: string; message: string };
      assert.equal(refusal.reason, 'Forbidden');
      assert.match(
        refusal.message,
        /secrets "two" is forbidden: User "contract" cannot get/,
      );
    });
  }
}
