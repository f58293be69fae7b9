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
      }),
    ).toMatchObject({ state: ['drifted'], gateway: ['a', 'b'], limit: 20 });
  });

  it.each([
    ['limit', '1000'],
    ['limit', 'many'],
    ['state', 'fine'],
    ['sort', 'secret'],
  ])('should refuse the %s %s', (name, value) => {
    expect(integrationQuerySchema.safeParse({ [name]: value }).success).toBe(
      false,
    );
  });
});
