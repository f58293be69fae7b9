import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { PolicyRule } from 'sandbox';
import yaml from 'yaml';
import {
  createAuthentikApplicationEnsureAction,
  createHoopGatewayConfigureAction,
  createHoopGatewayPreflightAction,
  createHoopGatewayRestartAction,
  createHoopGatewayRotateSecretAction,
} from './actions';
import { readSystemState } from './__testUtils__/systemState';
import { useSandbox } from './__testUtils__/useSandbox';

const DOCUMENT = resolve(__dirname, '../../../docs/kubernetes-rbac.md');

/** The rules of the Role that the documentation asks for. */
async function documentedRules(): Promise<PolicyRule[]> {
  const document = await readFile(DOCUMENT, 'utf8');
  const text = document.split('```yaml\n')[1].split('\n```')[0];
  const [role] = yaml.parseAllDocuments(text).map(one => one.toJS());
  return role.rules;
}

describe('an account with few rights in the cluster', () => {
  const fixture = useSandbox();
  let directory: string;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'missing-rights-'));
  });

  afterEach(async () => {
    await rm(directory, { recursive: true });
  });

  /** A portal whose account in the cluster has these rights in the gateway's namespace. */
  async function portalWith(rules: PolicyRule[]) {
    const { control, kubernetes } = fixture.sandbox;
    const token = await control.addIdentity(
      'backstage',
      rules.map(rule => ({ ...rule, namespaces: [kubernetes.namespace] })),
    );
    const path = join(directory, 'kubeconfig');
    const config = yaml.parse(
      await readFile(kubernetes.kubeconfigPath, 'utf8'),
    );
    config.users[0].user.token = token;
    await writeFile(path, yaml.stringify(config));
    return { config: { target: { cluster: { kubeconfig: path } } } };
  }

  const without = (rules: PolicyRule[], resource: string, verb: string) =>
    rules.map(rule =>
      rule.resources.includes(resource)
        ? { ...rule, verbs: rule.verbs.filter(one => one !== verb) }
        : rule,
    );

  it('should do everything with the documented Role', async () => {
    const portal = await portalWith(await documentedRules());
    await fixture.succeed(createAuthentikApplicationEnsureAction, {
      gateway: 'main',
      name: 'Hoop.dev',
    });
    const { log } = await fixture.succeed(
      createHoopGatewayConfigureAction,
      { gateway: 'main' },
      portal,
    );
    expect(await fixture.authMethod()).toBe('oidc');
    expect(JSON.stringify(log)).not.toContain('No right to');
    await fixture.succeed(
      createHoopGatewayRestartAction,
      { gateway: 'main', always: true },
      portal,
    );
    await fixture.succeed(
      createHoopGatewayRotateSecretAction,
      { gateway: 'main' },
      portal,
    );
    // What is right already needs no right to write.
    const readOnly = await portalWith(
      (
        await documentedRules()
      ).map(rule => ({
        ...rule,
        verbs: rule.verbs.filter(verb => ['get', 'list'].includes(verb)),
      })),
    );
    await fixture.succeed(
      createHoopGatewayConfigureAction,
      { gateway: 'main' },
      readOnly,
    );
  });

  it('should all be listed before anything is written', async () => {
    await fixture.succeed(createAuthentikApplicationEnsureAction, {
      gateway: 'main',
      name: 'Hoop.dev',
    });
    const before = await readSystemState(fixture.sandbox);
    const rules = await documentedRules();
    const portal = await portalWith(
      without(without(rules, 'configmaps', 'create'), 'deployments', 'patch'),
    );
    const writes = await fixture.watchWrites();
    const error = await fixture.fail(
      createHoopGatewayConfigureAction,
      { gateway: 'main' },
      portal,
    );
    expect(error.name).toBe('ServiceUnavailableError');
    expect(error.message).toMatch(
      /^Nothing was written: .*: create secrets, create configmaps, patch deployments "hoopgateway"\. Add to its Role there: /,
    );
    expect(await writes()).toEqual([]);
    expect(await readSystemState(fixture.sandbox)).toEqual(before);
    expect(await fixture.authMethod()).toBe('local');
  });

  it('should be reported before there is an application', async () => {
    const portal = await portalWith(
      without(await documentedRules(), 'deployments', 'patch'),
    );
    const writes = await fixture.watchWrites();
    const error = await fixture.fail(
      createHoopGatewayPreflightAction,
      { gateway: 'main' },
      portal,
    );
    expect(error.name).toBe('ServiceUnavailableError');
    expect(error.message).toContain('patch deployments "hoopgateway"');
    expect(await writes()).toEqual([]);
  });

  it('should not cost authentik its client secret', async () => {
    await fixture.connect();
    const before = await readSystemState(fixture.sandbox);
    const portal = await portalWith(
      without(await documentedRules(), 'secrets', 'create'),
    );
    const writes = await fixture.watchWrites();
    const error = await fixture.fail(
      createHoopGatewayRotateSecretAction,
      { gateway: 'main' },
      portal,
    );
    expect(error.message).toContain('create secrets');
    expect(await writes()).toEqual([]);
    expect(await readSystemState(fixture.sandbox)).toEqual(before);
  });
});
