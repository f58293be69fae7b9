import assert from 'node:assert/strict';
import { it } from 'node:test';
import { randomBytes } from 'node:crypto';
import type { ClusterWorkbench } from '../ClusterWorkbench';
import {
  commandOf,
  linesOfDocs,
  lineWith,
  runLine,
  withoutKubectl,
} from '../kubectl';

/** What is driven below. */
const DRIVEN = [
  'auth can-i',
  'create namespace',
  'create secret generic',
  'rollout restart',
  'rollout resume',
  'rollout status',
];

/** The commands that our docs and messages name, with the real kubectl. */
export function kubectlStatements(workbench: ClusterWorkbench): void {
  const { kubeconfig, namespace } = workbench.target;
  const skip = withoutKubectl;
  const run = (line: string, env?: Record<string, string>) =>
    runLine(kubeconfig, line, env);
  const succeed = async (line: string, env?: Record<string, string>) => {
    const { code, stdout, stderr } = await run(line, env);
    assert.equal(code, 0, stderr);
    return stdout;
  };

  it('every command of the docs is driven here', () => {
    const others = linesOfDocs()
      .map(commandOf)
      .filter(command => !DRIVEN.some(known => command.startsWith(known)));
    assert.deepEqual(others, []);
  });

  it(
    'the Secret of docs/gitops.md is made with exactly the bytes that were typed, once',
    { skip },
    async () => {
      const { metadata } = workbench.secret();
      const line = lineWith('create secret generic')
        .replace('-n hoop', `-n ${namespace}`)
        .replaceAll('hoop-idp', metadata.name);
      const secret = randomBytes(12).toString('hex');
      const env = { IDP_CLIENT_SECRET: secret };
      assert.equal(await succeed(line, env), `secret/${metadata.name} created`);
      const { type, data = {} } = await workbench.read('Secret', metadata.name);
      assert.equal(type, 'Opaque');
      assert.deepEqual(Object.keys(data), ['IDP_CLIENT_SECRET']);
      assert.ok(
        Buffer.from(data.IDP_CLIENT_SECRET, 'base64').toString() === secret,
        'the stored value is another one',
      );
      const again = await run(line, env);
      assert.equal(again.code, 1);
      assert.equal(
        again.stderr,
        `error: failed to create secret secrets "${metadata.name}" already exists`,
      );
    },
  );

  it(
    'the question of docs/kubernetes-rbac.md is answered with yes or no',
    { skip },
    async t => {
      const line = lineWith('auth can-i').replace('-n hoop', `-n ${namespace}`);
      const [own] = line.split(' --as ');
      assert.equal(await succeed(own), 'yes');
      const other = `${own} --as system:serviceaccount:${namespace}:without-rights`;
      const { code, stdout, stderr } = await run(other);
      if (/cannot impersonate/.test(stderr)) {
        t.skip('our account may not ask for another one (impersonate)');
        return;
      }
      assert.deepEqual({ code, stdout }, { code: 1, stdout: 'no' });
    },
  );

  it(
    'a namespace for this suite can be made, as its README says',
    { skip },
    async () => {
      const name = workbench.name();
      assert.equal(
        await succeed(`kubectl create namespace ${name} --dry-run=server`),
        `namespace/${name} created (server dry run)`,
      );
    },
  );

  it(
    'a Deployment is restarted, followed to its end, paused and resumed',
    { skip },
    async () => {
      const { metadata } = await workbench.client.create(
        'Deployment',
        workbench.deployment(),
      );
      const object = `deployment/${metadata.name} -n ${namespace}`;
      const said = `deployment.apps/${metadata.name}`;
      assert.equal(
        await succeed(`kubectl rollout restart ${object}`),
        `${said} restarted`,
      );
      assert.match(
        await succeed(`kubectl rollout status ${object} --timeout=30s`),
        new RegExp(`deployment "${metadata.name}" successfully rolled out$`),
      );
      assert.equal(
        await succeed(`kubectl rollout pause ${object}`),
        `${said} paused`,
      );
      const paused = await run(`kubectl rollout restart ${object}`);
      assert.equal(paused.code, 1);
      assert.match(paused.stderr, /can't restart paused deployment/);
      assert.equal(
        await succeed(`kubectl rollout resume ${object}`),
        `${said} resumed`,
      );
    },
  );
}
