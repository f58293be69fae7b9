import { integrationQuerySchema } from './integrations';

describe('integrationQuerySchema', () => {
  it('should list 50 by gateway where nothing is given', () => {
    expect(integrationQuerySchema.parse({})).toEqual({
      limit: 50,
      sort: 'gateway',
      order: 'asc',
    });
  });

  it('should take parameters as a query string gives them', () => {
    expect(
      integrationQuerySchema.parse({
        state: 'drifted',
        gateway: ['a', 'b'],
        limit: '20',
        warnings: 'true',
        counts: 'false',
      }),
    ).toMatchObject({
      state: ['drifted'],
      gateway: ['a', 'b'],
      limit: 20,
      warnings: true,
      counts: false,
    });
  });

  it.each([
    ['limit', '1000'],
    ['limit', 'many'],
    ['state', 'fine'],
    ['sort', 'secret'],
    ['warnings', '1'],
  ])('should refuse the %s %s', (name, value) => {
    expect(integrationQuerySchema.safeParse({ [name]: value }).success).toBe(
      false,
    );
  });
});
