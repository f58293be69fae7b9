import { placesWithSecrets } from './huntSecrets';

describe('placesWithSecrets', () => {
  const secrets = ['short', 'a-long-secret/value'];

  it.each([
    ['in a text', 'x a-long-secret/value y'],
    ['encoded for a URL', 'x=a-long-secret%2Fvalue&y'],
    ['as base64', Buffer.from('a-long-secret/value').toString('base64')],
    ['in an output', { deep: { list: ['a-long-secret/value'] } }],
    ['in the message of an error', new Error('refused a-long-secret/value')],
    [
      'in the cause of a cause',
      new Error('outer', {
        cause: new Error('middle', { cause: { body: 'a-long-secret/value' } }),
      }),
    ],
    [
      'in a member that JSON leaves out',
      Object.defineProperty(new Error('outer'), 'request', {
        value: 'a-long-secret/value',
        enumerable: false,
      }),
    ],
  ])('should find a secret %s', (_, value) => {
    expect(placesWithSecrets(secrets, { clean: 'nothing', value })).toEqual([
      'value',
    ]);
  });

  it('should ignore words too short to distinguish from ordinary text', () => {
    expect(placesWithSecrets(secrets, { value: 'short' })).toEqual([]);
  });
});
