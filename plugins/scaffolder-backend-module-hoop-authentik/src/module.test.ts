import type { ServiceFactory } from '@backstage/backend-plugin-api';
import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import {
  scaffolderActionsExtensionPoint,
  type TemplateAction,
} from '@backstage/plugin-scaffolder-node';
import { runAction } from './__testUtils__/runAction';
import module from '.';

/** The actions that the module adds to a scaffolder, in a backend with these services besides. */
async function actionsOfModule(
  ...services: ServiceFactory[]
): Promise<TemplateAction[]> {
  const actions: TemplateAction[] = [];
  await startTestBackend({
    extensionPoints: [
      [
        scaffolderActionsExtensionPoint,
        {
          addActions: (...added: TemplateAction[]) => {
            actions.push(...added);
          },
        },
      ],
    ],
    features: [
      module,
      catalogServiceMock.factory(),
      mockServices.rootConfig.factory({ data: {} }),
      ...services,
    ],
  });
  return actions;
}

describe('scaffolderModuleHoopAuthentik', () => {
  it('should add the actions, each described, with examples and a dry run', async () => {
    const actions = await actionsOfModule();

    expect(actions.map(({ id }) => id)).toEqual(
      expect.arrayContaining([
        'authentik:application:delete',
        'authentik:application:ensure',
        'authentik:binding:ensure',
        'hoop:gateway:configure',
        'hoop:gateway:disconnect',
        'hoop:gateway:preflight',
        'hoop:gateway:restart',
        'hoop:gateway:rotateSecret',
        'hoop:gateway:verify',
      ]),
    );
    for (const { description, examples, schema, supportsDryRun } of actions) {
      expect(description).toMatch(/\.$/);
      expect(examples).not.toHaveLength(0);
      expect(supportsDryRun).toBe(true);
      for (const part of [schema?.input, schema?.output]) {
        for (const property of Object.values(part?.properties ?? {})) {
          expect(property).toMatchObject({
            description: expect.stringMatching(/\.$/),
          });
        }
      }
    }
  });

  it('should record every action in the audit log', async () => {
    const auditor = mockServices.auditor.mock({
      createEvent: jest.fn(async () => ({
        success: async () => {},
        fail: async () => {},
      })),
    });

    const actions = await actionsOfModule(auditor.factory);

    for (const action of actions) {
      const { error } = await runAction(action, { gateway: 'nowhere' });
      expect(error).toBeDefined();
      expect(auditor.createEvent).toHaveBeenLastCalledWith(
        expect.objectContaining({
          meta: expect.objectContaining({
            actionType: action.id,
            gateway: 'nowhere',
          }),
        }),
      );
    }
    expect(auditor.createEvent).toHaveBeenCalledTimes(actions.length);
  });
});
