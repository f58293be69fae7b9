import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

const TEMPLATES = join(__dirname, '../../../templates');

interface Field {
  pattern?: string;
}

interface Form {
  properties: Record<string, Field>;
  dependencies?: Record<string, { oneOf: Form[] }>;
}

function fieldsOf({ properties, dependencies = {} }: Form): [string, Field][] {
  return [
    ...Object.entries(properties),
    ...Object.values(dependencies)
      .flatMap(({ oneOf }) => oneOf)
      .flatMap(fieldsOf),
  ];
}

const { spec } = parse(
  readFileSync(join(TEMPLATES, 'connect-gateway-gitops/template.yaml'), 'utf8'),
);

/** As JSON Schema reads it. */
const patterns = new Map(
  (spec.parameters as Form[])
    .flatMap(fieldsOf)
    .flatMap(([name, { pattern }]) =>
      pattern ? [[name, new RegExp(pattern, 'u')]] : [],
    ),
);

const accepts = (name: string, value: string) =>
  patterns.get(name)!.test(value);

describe('what is typed into the GitOps form', () => {
  it.each([
    ['branch', 'main'],
    ['branch', 'release-1.2'],
    ['path', 'values.yaml'],
    ['path', 'clusters/prod/hoop/values-prod.yml'],
    ['path', '.deploy/hoop.yaml'],
    ['document', ''],
    ['document', 'HelmRelease/hoop'],
    ['document', 'ConfigMap/hoop.config-1'],
    ['existingSecret', ''],
    ['existingSecret', 'hoop-idp'],
    ['pullRequestBranch', ''],
    ['pullRequestBranch', 'platform/connect-hoop'],
  ])('%s: %j is accepted', (name, value) => {
    expect(accepts(name, value)).toBe(true);
  });

  it.each([
    ['branch', ''],
    ['branch', 'feature/x'],
    ['branch', '-main'],
    ['branch', 'a..b'],
    ['branch', 'main.lock'],
    ['branch', 'ma in'],
    ['branch', 'main?x'],
    ['branch', 'main\n'],
    ['path', ''],
    ['path', '/etc/passwd'],
    ['path', '../values.yaml'],
    ['path', 'a/../values.yaml'],
    ['path', 'a/./values.yaml'],
    ['path', 'a//values.yaml'],
    ['path', 'values.yaml/'],
    ['path', 'values.yaml?ref=x'],
    ['path', 'values.yaml#x'],
    ['path', 'a b.yaml'],
    ['path', 'a%2e%2e/values.yaml'],
    ['document', 'hoop'],
    ['document', 'HelmRelease/'],
    ['document', 'HelmRelease/Hoop'],
    ['document', 'HelmRelease/hoop/x'],
    ['existingSecret', 'Hoop_IDP'],
    ['existingSecret', '-hoop'],
    ['existingSecret', 'hoop.'],
    ['existingSecret', 'hoop idp'],
    ['pullRequestBranch', '/x'],
    ['pullRequestBranch', 'x/'],
    ['pullRequestBranch', 'x//y'],
    ['pullRequestBranch', 'x/.y'],
    ['pullRequestBranch', 'x.lock'],
    ['pullRequestBranch', 'x~1'],
    ['pullRequestBranch', 'x y'],
  ])('%s: %j is refused', (name, value) => {
    expect(accepts(name, value)).toBe(false);
  });
});

describe('the order of the GitOps templates', () => {
  const stepsOf = (name: string): Array<{ id: string; input: object }> =>
    parse(readFileSync(join(TEMPLATES, name, 'template.yaml'), 'utf8')).spec
      .steps;

  it.each([
    ['connect-gateway-gitops', 'fetch'],
    ['connect-gateway-gitops', 'checkValues'],
    ['connect-gateway-gitops', 'checkManifest'],
    ['connect-gateway-env', 'fetch'],
    ['connect-gateway-env', 'check'],
  ])('%s: %s comes before anything is written to authentik', (name, step) => {
    const ids = stepsOf(name).map(({ id }) => id);
    expect(ids).toContain(step);
    expect(ids.indexOf(step)).toBeLessThan(ids.indexOf('application'));
  });

  it.each(['connect-gateway-gitops', 'connect-gateway-env'])(
    '%s: an open pull request of the gateway is updated',
    name => {
      expect(stepsOf(name).at(-1)).toMatchObject({
        id: 'publish',
        input: {
          update: true,
          branchName: expect.stringContaining('application.output.gateway'),
        },
      });
    },
  );
});
