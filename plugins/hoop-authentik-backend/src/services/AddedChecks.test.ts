import { companyDomainCheck } from '../__testUtils__/companyChecksModule';
import { AddedChecks } from './AddedChecks';

describe('AddedChecks', () => {
  it('should keep checks in the order in which they came', () => {
    const added = new AddedChecks();
    const other = { ...companyDomainCheck, id: 'gateway.x-b' } as const;
    added.addChecks(companyDomainCheck, other);
    expect(added.all).toEqual([companyDomainCheck, other]);
  });

  it.each([
    ['of another system', 'authentik.x-company-domain'],
    ['in another style', 'gateway.x-companyDomain'],
    ['without a subject', 'gateway.x-'],
  ] as const)('should refuse an id %s', (_, id) => {
    expect(() =>
      new AddedChecks().addChecks({ ...companyDomainCheck, id }),
    ).toThrow(
      `The check "${id}" cannot be added: expected an id of the form gateway.x-<subject> in kebab case`,
    );
  });

  it('should refuse an id that is taken', () => {
    expect(() =>
      new AddedChecks().addChecks(companyDomainCheck, companyDomainCheck),
    ).toThrow('another check has this id');
  });
});
