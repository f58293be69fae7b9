import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { ClusterWorkbench, RawAnswer } from '../ClusterWorkbench';

interface Status {
  kind: string;
  apiVersion: string;
  status: string;
  message: string;
  reason: string;
  details?: {
    name?: string;
    kind?: string;
    causes?: Array<{ reason?: string; message?: string; field?: string }>;
  };
  code: number;
}

function statusIn(answer: RawAnswer, code: number, reason: string): Status {
  const status = answer.body as Status;
  assert.equal(answer.status, code);
  assert.match(answer.contentType, /^application\/json/);
  assert.deepEqual(
    {
      kind: status.kind,
      apiVersion: status.apiVersion,
      status: status.status,
      reason: status.reason,
      code: status.code,
    },
    { kind: 'Status', apiVersion: 'v1', status: 'Failure', reason, code },
  );
  assert.notEqual(status.message, '');
  return status;
}

export function errorStatements(workbench: ClusterWorkbench): void {
  it('what is missing is named, with the plural of its kind', async () => {
    const name = workbench.name();
    const { details } = statusIn(
      await workbench.raw('GET', workbench.core(`configmaps/${name}`)),
      404,
      'NotFound',
    );
    assert.deepEqual(
      { name: details?.name, kind: details?.kind },
      { name, kind: 'configmaps' },
    );
  });

  it('what exists already is told apart from an old version', async () => {
    const object = workbench.configMap();
    const { metadata } = await workbench.client.create('ConfigMap', object);
    const path = workbench.core('configmaps');
    statusIn(
      await workbench.raw('POST', path, { body: object }),
      409,
      'AlreadyExists',
    );
    await workbench.client.patch(
      'ConfigMap',
      workbench.namespace,
      metadata.name,
      { type: 'merge', body: { data: { A: '1' } } },
    );
    statusIn(
      await workbench.raw('PATCH', `${path}/${metadata.name}`, {
        contentType: 'application/merge-patch+json',
        body: {
          metadata: { resourceVersion: metadata.resourceVersion },
          data: { A: '2' },
        },
      }),
      409,
      'Conflict',
    );
  });

  it('an invalid object is 422 with the field at fault', async () => {
    const object = workbench.configMap({ data: { 'not a key': '1' } });
    const { details } = statusIn(
      await workbench.raw('POST', workbench.core('configmaps'), {
        body: object,
      }),
      422,
      'Invalid',
    );
    assert.match(details?.causes?.[0].field ?? '', /^data/);
  });

  it('a body that cannot be read is 400', async () => {
    const object = { ...workbench.configMap(), data: { A: 1 } };
    statusIn(
      await workbench.raw('POST', workbench.core('configmaps'), {
        body: object,
      }),
      400,
      'BadRequest',
    );
  });
}
