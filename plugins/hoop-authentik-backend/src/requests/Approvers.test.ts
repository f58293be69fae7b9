import { approversOf } from './Approvers';

describe('approversOf', () => {
  const entity = {
    relations: [
      { type: 'ownedBy', targetRef: 'group:default/SRE' },
      { type: 'ownedBy', targetRef: 'group:default/payments' },
      { type: 'partOf', targetRef: 'system:default/all' },
    ],
  };

  it('should be in the same order whatever the order of the relations, as the store returns them', () => {
    const expected = ['group:default/payments', 'group:default/sre'];
    expect(approversOf(undefined, entity)).toEqual(expected);
    expect(
      approversOf(undefined, { relations: [...entity.relations].reverse() }),
    ).toEqual(expected);
  });

  it('should be those of app-config where it names them, even none', () => {
    expect(approversOf(['user:default/b', 'user:default/a'], entity)).toEqual([
      'user:default/a',
      'user:default/b',
    ]);
    expect(approversOf([], entity)).toEqual([]);
    expect(approversOf(undefined, undefined)).toEqual([]);
  });
});
