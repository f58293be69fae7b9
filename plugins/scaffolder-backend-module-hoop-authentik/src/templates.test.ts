import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseEntityRef } from '@backstage/catalog-model';
import { DefaultHoopAuthentikService } from 'backstage-plugin-hoop-authentik-node/alpha';
import { parse } from 'yaml';
import { portalOf, rootConfigOf } from './__testUtils__/portal';
import * as actions from './actions';

const TEMPLATES = join(__dirname, '../../../templates');

interface Property {
  type?: string;
  default?: unknown;
  description?: string;
  pattern?: string;
  /** Says something and asks nothing. */
  readOnly?: boolean;
}

interface Form {
  properties: Record<string, Property>;
  /** Fields that depend on the value of another one. */
  dependencies?: Record<string, { oneOf: Form[] }>;
}

interface Template {
  spec: {
    owner: string;
    presentation: { buttonLabels: { createButtonText: string } };
    parameters: Form[];
    steps: Array<{ id: string; action: string; input: object }>;
  };
}

/** Every field, those that depend on others included. */
function fieldsOf({
  properties,
  dependencies = {},
}: Form): Array<[name: string, property: Property]> {
  return [
    ...Object.entries(properties),
    ...Object.values(dependencies)
      .flatMap(({ oneOf }) => oneOf)
      .flatMap(fieldsOf),
  ];
}

/** What the form says and does not ask. */
function isNote({ readOnly, type }: Property): boolean {
  return readOnly === true || type === 'null';
}

/**
 * The same template for portals without the fields of the frontend plugin: the catalog's own picker for the gateway, and
 * plain inputs for the rest.
 */
function plainOf(template: string): string {
  return template
    .replace(/ui:field: HoopGateway$/gm, 'ui:field: EntityPicker')
    .replace(/^ *ui:field: Hoop\w+\n/gm, '');
}

const read = (file: string) => readFile(join(TEMPLATES, file), 'utf8');

describe('the templates', () => {
  const options = {
    gateways: DefaultHoopAuthentikService.create({
      config: rootConfigOf(),
    }),
    ...portalOf(),
  };
  const schemas = Object.fromEntries(
    Object.values(actions)
      .map(create => create(options))
      .map(({ id, schema }) => [
        id,
        {
          required: [schema?.input?.required ?? []].flat(),
          inputs: Object.keys(schema?.input?.properties ?? {}),
          outputs: Object.keys(schema?.output?.properties ?? {}),
        },
      ]),
  );

  it('should all be offered, but those that need a repository', async () => {
    expect(parse(await read('all.yaml')).spec.targets).toEqual([
      './connect-gateway/template.yaml',
      './repair-gateway/template.yaml',
      './restart-gateway/template.yaml',
      './restrict-access/template.yaml',
      './grant-access/template.yaml',
      './request-connection/template.yaml',
      './verify-gateway/template.yaml',
      './rotate-secret/template.yaml',
      './disconnect-gateway/template.yaml',
    ]);
  });

  it('should be the same without the fields of the frontend; UPDATE_TEMPLATES=1 writes them', async () => {
    const names = (await readdir(TEMPLATES, { withFileTypes: true }))
      .filter(entry => entry.isDirectory() && entry.name !== 'plain')
      .map(({ name }) => name);
    const files = ['all.yaml', ...names.map(name => `${name}/template.yaml`)];
    for (const file of files) {
      const plain = plainOf(await read(file));
      if (process.env.UPDATE_TEMPLATES) {
        await mkdir(dirname(join(TEMPLATES, 'plain', file)), {
          recursive: true,
        });
        await writeFile(join(TEMPLATES, 'plain', file), plain);
      }
      expect(await read(`plain/${file}`)).toBe(plain);
      expect(plain).not.toMatch(/ui:field: Hoop/);
    }
    expect((await readdir(join(TEMPLATES, 'plain'))).sort()).toEqual(
      ['all.yaml', ...names].sort(),
    );
  });

  it.each([
    [
      'connect-gateway',
      [
        'hoop:gateway:preflight',
        'authentik:application:ensure',
        'hoop:gateway:configure',
        'hoop:gateway:restart',
        'hoop:gateway:verify',
      ],
    ],
    [
      'connect-gateway-gitops',
      [
        'fetch:plain:file',
        'hoop:helmValues:patch',
        'hoop:manifest:patch',
        'authentik:application:ensure',
        'hoop:helmValues:patch',
        'hoop:manifest:patch',
        'publish:github:pull-request',
      ],
    ],
    [
      'connect-gateway-env',
      [
        'fetch:plain:file',
        'hoop:envFile:patch',
        'authentik:application:ensure',
        'hoop:envFile:patch',
        'publish:github:pull-request',
      ],
    ],
    [
      'repair-gateway',
      [
        'hoop:gateway:preflight',
        'authentik:application:ensure',
        'hoop:gateway:configure',
        'hoop:gateway:restart',
        'hoop:gateway:verify',
      ],
    ],
    ['restart-gateway', ['hoop:gateway:restart', 'hoop:gateway:verify']],
    ['grant-access', ['hoop:access:grant']],
    ['request-connection', ['hoop:request:create']],
    ['restrict-access', ['authentik:application:ensure']],
    ['verify-gateway', ['hoop:gateway:verify']],
    ['rotate-secret', ['hoop:gateway:rotateSecret', 'hoop:gateway:verify']],
    ['disconnect-gateway', ['hoop:gateway:disconnect']],
  ])(
    'should give and take only what the actions and the form know: %s',
    async (name, steps) => {
      const text = await read(`${name}/template.yaml`);
      const { spec }: Template = parse(text);

      expect(spec.steps.map(({ action }) => action)).toEqual(steps);
      for (const { id, action, input } of spec.steps.filter(
        step => step.action in schemas,
      )) {
        const given = Object.keys(input);
        expect(schemas[action].inputs).toEqual(expect.arrayContaining(given));
        expect(given).toEqual(expect.arrayContaining(schemas[action].required));
        const used = [...text.matchAll(/steps\.(\w+)\.output\.(\w+)/g)]
          .filter(([, step]) => step === id)
          .map(([, , output]) => output);
        expect(schemas[action].outputs).toEqual(expect.arrayContaining(used));
      }
      const fields = spec.parameters.flatMap(fieldsOf);
      const asked = [...text.matchAll(/parameters\.(\w+)/g)].map(
        ([, field]) => field,
      );
      const asking = fields.filter(([, property]) => !isNote(property));
      expect([...new Set(asked)].sort()).toEqual(
        [...new Set(asking.map(([field]) => field))].sort(),
      );
      // What the form proposes is accepted by it.
      for (const [, { default: proposed, pattern = '' }] of fields) {
        expect(`${proposed ?? ''}`).toMatch(
          proposed === undefined ? /^$/ : new RegExp(pattern, 'u'),
        );
      }
      expect(parseEntityRef(spec.owner)).toEqual({
        kind: 'group',
        namespace: 'default',
        name: 'platform',
      });
      expect(spec.owner).toMatch(/^\w+:\w+\/\w+$/);
      expect(spec.presentation.buttonLabels.createButtonText).toMatch(/^\w/);
    },
  );

  it.each([
    [
      'branch',
      ['main', 'release-1.2', 'a_b-c'],
      // The URL of a file does not show where the name of a branch with a slash ends.
      ['', '-x', 'a b', '/a', 'a~1', 'release/1.2'],
    ],
    [
      'path',
      ['values.yaml', '.env', 'deploy/my-app/values.yaml', 'a..b/c'],
      ['', '/etc/passwd', '../values.yaml', 'a/../b', 'a/..', 'a//b', 'a b'],
    ],
    ['existingSecret', ['hoop-idp', 'a.b'], ['Hoop', '-a', 'a-', 'a_b', 'a b']],
    ['pullRequestBranch', ['', 'platform/hoop'], ['a b', '/a', 'a/']],
    ['name', ['Hoop.dev'], ['', '   ']],
    ['confirm', ['hoop', 'Hoop_1'], ['', 'a b', 'a/b']],
  ])('should accept only a sensible %s', async (field, good, bad) => {
    const texts = await Promise.all(
      [
        'connect-gateway-gitops',
        'connect-gateway-env',
        'disconnect-gateway',
      ].map(async name => read(`${name}/template.yaml`)),
    );
    const patterns = texts
      .flatMap(text => (parse(text) as Template).spec.parameters)
      .flatMap(fieldsOf)
      .filter(([name]) => name === field)
      .map(([, { pattern }]) => new RegExp(pattern ?? '(?!)', 'u'));

    expect(patterns.length).toBeGreaterThan(0);
    for (const pattern of patterns) {
      expect(good.filter(text => !pattern.test(text))).toEqual([]);
      expect(bad.filter(text => pattern.test(text))).toEqual([]);
    }
  });
});
