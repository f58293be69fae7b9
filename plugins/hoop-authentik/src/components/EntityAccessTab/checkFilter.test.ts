import { integrations } from '../../__fixtures__/integrations';
import { countByFilter, filterChecks } from './checkFilter';

const { checks } = integrations.drifted;

describe('filterChecks', () => {
  it('should list problems only, the worst first', () => {
    expect(
      filterChecks(checks, { filter: 'problems', search: '' }).map(c => c.id),
    ).toEqual([
      'authentik.redirect-uri',
      'kubernetes.settings',
      'authentik.bindings',
    ]);
  });

  it('should search in everything that is said, whatever the case', () => {
    expect(
      filterChecks(checks, { filter: 'all', search: ' API/Callback ' }).map(
        ({ id }) => id,
      ),
    ).toEqual(['authentik.redirect-uri']);
  });

  it('should count what each filter lets through', () => {
    expect(countByFilter(integrations['not-connected'].checks)).toEqual({
      problems: 2,
      all: 13,
      skipped: 10,
    });
  });
});
