import { ConfigReader } from '@backstage/config';
import { integrations } from '../__fixtures__/integrations';
import { templateFor } from './templates';

const { connected } = integrations;

function configured(templates?: object) {
  return new ConfigReader({ hoopAuthentik: templates ? { templates } : {} });
}

describe('templateFor', () => {
  it('should be a template of this repository by default, with the entity', () => {
    expect(templateFor(configured(), { action: 'rotate' }, connected)).toEqual({
      namespace: 'default',
      name: 'rotate-gateway-secret',
      formData: { entity: 'component:default/connected' },
    });
  });

  it('should be the one that app-config names', () => {
    const config = configured({ repair: 'template:access/mine' });

    expect(templateFor(config, { action: 'repair' }, connected)).toMatchObject({
      namespace: 'access',
      name: 'mine',
    });
  });

  it('should depend on the type of the target, and be none for others', () => {
    const config = configured({ repair: { helmValues: 'pull-request' } });
    const gateway = { ...connected.gateway, target: 'helmValues' };

    expect(
      templateFor(config, { action: 'repair' }, { ...connected, gateway }),
    ).toMatchObject({ namespace: 'default', name: 'pull-request' });
    expect(
      templateFor(config, { action: 'repair' }, connected),
    ).toBeUndefined();
  });

  it('should be none where app-config says false', () => {
    expect(
      templateFor(
        configured({ disconnect: false }),
        { action: 'disconnect' },
        connected,
      ),
    ).toBeUndefined();
  });

  it('should bring the wish for a new signing key', () => {
    const formDataOf = (newSigningKey?: boolean) =>
      templateFor(configured(), { action: 'repair', newSigningKey }, connected)
        ?.formData;
    expect(formDataOf(true)).toEqual({
      entity: 'component:default/connected',
      newSigningKey: true,
    });
    expect(formDataOf()).toEqual({ entity: 'component:default/connected' });
  });

  it('should bring the groups that are known', () => {
    expect(
      templateFor(
        configured(),
        { action: 'restrict-access', groups: ['admin'] },
        connected,
      )?.formData,
    ).toEqual({
      entity: 'component:default/connected',
      bindings: [{ group: 'admin' }],
    });
  });
});
