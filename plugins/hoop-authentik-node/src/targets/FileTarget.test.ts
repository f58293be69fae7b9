import { FileTarget } from './FileTarget';

describe('FileTarget', () => {
  it.each([
    ['helmValues' as const, 'Helm values file', 'hoop:helmValues:patch'],
    ['envFile' as const, 'env file of docker compose', 'hoop:envFile:patch'],
  ])(
    'should refuse everything and name the action for %s',
    async (type, what, action) => {
      const target = new FileTarget({ type });
      expect(target.description).toContain(what);
      expect(target.refusal).toContain(`Use ${action}`);
      const refusal = expect.objectContaining({
        name: 'InputError',
        message: target.refusal,
      });
      await expect(target.read()).rejects.toEqual(refusal);
      await expect(target.restart()).rejects.toEqual(refusal);
    },
  );
});
