import { fakeSystems } from '../__testUtils__/fakeSystems';
import { DESIRED } from '../__testUtils__/goodObservation';
import { observeIntegration } from './observeIntegration';

describe('observeAdministrators', () => {
  it('should look for administrators whom the gateway knows only where the admin group has no active member', async () => {
    const { systems } = fakeSystems();
    systems.hoop.hasApiKey = true;
    systems.hoop.listAdministrators.mockResolvedValue([
      'jane@company',
      'Jane@company',
      'nobody@company',
    ]);
    const first = await observeIntegration(systems, DESIRED);
    expect(first.gateway.administrators).toBeUndefined();
    expect(systems.hoop.listAdministrators).not.toHaveBeenCalled();

    const empty = {
      ...DESIRED,
      gateway: { ...DESIRED.gateway, adminGroup: 'none' },
    };
    const second = await observeIntegration(systems, empty);
    // An address stored with capitals is one that the gateway does not find again.
    expect(second.gateway.administrators).toEqual({
      ok: true,
      value: ['jane'],
    });

    systems.hoop.hasApiKey = false;
    const third = await observeIntegration(systems, empty);
    expect(third.gateway.administrators).toBeUndefined();
  });
});
