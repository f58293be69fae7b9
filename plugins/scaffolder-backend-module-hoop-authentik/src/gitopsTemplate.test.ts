import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { mockServices } from '@backstage/backend-test-utils';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { DefaultHoopAuthentikService } from 'backstage-plugin-hoop-authentik-node';
import { parse } from 'yaml';
import {
  createAuthentikApplicationEnsureAction,
  createHoopHelmValuesPatchAction,
} from './actions';

const TEMPLATE = join(
  __dirname,
  '../../../templates/connect-gateway-gitops/template.yaml',
);

interface Template {
  spec: {
    parameters: Array<{ properties: Record<string, object> }>;
    steps: Array<{ id: string; action: string; input: object }>;
  };
}

describe('the template connect-gateway-gitops', () => {
  const options = {
    gateways: DefaultHoopAuthentikService.create({
      config: mockServices.rootConfig(),
    }),
    catalog: catalogServiceMock(),
    permissions: mockServices.permissions(),
  };
  const schemas = Object.fromEntries(
    [
      createAuthentikApplicationEnsureAction(options),
      createHoopHelmValuesPatchAction(options),
    ].map(({ id, schema }) => [
      id,
      {
        inputs: Object.keys(schema?.input?.properties ?? {}),
        outputs: Object.keys(schema?.output?.properties ?? {}),
      },
    ]),
  );

  it('should give and take only what the actions and the form know', async () => {
    const text = await readFile(TEMPLATE, 'utf8');
    const { spec }: Template = parse(text);
    const own = spec.steps.filter(({ action }) => action in schemas);

    expect(spec.steps.map(({ action }) => action)).toEqual([
      'authentik:application:ensure',
      'fetch:plain:file',
      'hoop:helmValues:patch',
      'publish:github:pull-request',
    ]);
    expect(own).toHaveLength(2);
    for (const { id, action, input } of own) {
      expect(schemas[action].inputs).toEqual(
        expect.arrayContaining(Object.keys(input)),
      );
      const used = [...text.matchAll(/steps\.(\w+)\.output\.(\w+)/g)]
        .filter(([, step]) => step === id)
        .map(([, , output]) => output);
      expect(schemas[action].outputs).toEqual(expect.arrayContaining(used));
    }
    const fields = spec.parameters.flatMap(({ properties }) =>
      Object.keys(properties),
    );
    const asked = [...text.matchAll(/parameters\.(\w+)/g)].map(
      ([, field]) => field,
    );
    expect([...new Set(asked)].sort()).toEqual(fields.sort());
  });
});
