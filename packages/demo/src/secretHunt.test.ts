import { huntSecrets } from './secretHunt';

describe('huntSecrets', () => {
  const secrets = ['short', 'a-long-secret/value'];

  it.each([
    ['as it is', 'x a-long-secret/value y'],
    ['encoded for a URL', 'x=a-long-secret%2Fvalue&y'],
    ['as base64', Buffer.from('a-long-secret/value').toString('base64')],
  ])('should find a secret %s', (_, text) => {
    expect(huntSecrets(secrets, { log: text })).toEqual([
      { place: 'log', index: 0 },
    ]);
  });

  it('should find nothing where there is nothing, and leave out short words', () => {
    expect(huntSecrets(secrets, { log: 'short, and a-long-secret' })).toEqual(
      [],
    );
  });

  it('should look into bytes', () => {
    expect(
      huntSecrets(secrets, {
        database: Buffer.concat([
          Buffer.from([0, 255]),
          Buffer.from('a-long-secret/value'),
        ]),
      }),
    ).toHaveLength(1);
  });
});
