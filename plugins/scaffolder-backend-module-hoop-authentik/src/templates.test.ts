import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DefaultHoopAuthentikService } from 'backstage-plugin-hoop-authentik-node/alpha';
import { parse } from 'yaml';
import { portalOf, rootConfigOf } from './__testUtils__/portal';
import * as actions from './actions';

const TEMPLATES = join(__dirname, '../../../templates');

interface Form {
  properties: Record<string, object>;
  /** Fields that depend on the value of another one. */
  dependencies?: Record<string, { oneOf: Form[] }>;
}

interface Template {
  spec: {
    parameters: Form[];
    steps: Array<{ id: string; action: string; input: object }>;
  };
}

function fieldsOf({ properties, dependencies = {} }: Form): string[] {
  const dependent = Object.values(dependencies)
    .flatMap(({ oneOf }) => oneOf)
    .flatMap(fieldsOf);
  return [...new Set([...Object.keys(properties), ...dependent])];
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

  it('should all be offered, but the one that needs a repository', async () => {
    expect(parse(await read('all.yaml')).spec.targets).toEqual([
      './connect-gateway/template.yaml',
      './repair-gateway/template.yaml',
      './restart-gateway/template.yaml',
      './restrict-access/template.yaml',
      './verify-gateway/template.yaml',
      './rotate-secret/template.yaml',
      './disconnect-gateway/template.yaml',
    ]);
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
        'authentik:application:ensure',
        'fetch:plain:file',
        'hoop:helmValues:patch',
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
      expect([...new Set(asked)].sort()).toEqual(fields.sort());
    },
  );
});
