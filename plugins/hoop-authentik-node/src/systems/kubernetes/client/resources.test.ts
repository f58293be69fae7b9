import { labelSelectorOf, matchesSelector } from './resources';
import { deploymentOf } from '../__testUtils__/objects';

const QUERY =
  'app=hoopgateway,tier=edge,zone in (a,b),old notin (yes),live,!canary';

describe('labelSelectorOf', () => {
  it('should write labels and expressions as a query', () => {
    const deployment = deploymentOf(1);
    deployment.spec.selector = {
      matchLabels: { app: 'hoopgateway', tier: 'edge' },
      matchExpressions: [
        { key: 'zone', operator: 'In', values: ['a', 'b'] },
        { key: 'old', operator: 'NotIn', values: ['yes'] },
        { key: 'live', operator: 'Exists' },
        { key: 'canary', operator: 'DoesNotExist' },
      ],
    };
    expect(labelSelectorOf(deployment)).toBe(QUERY);
    deployment.spec.selector = {};
    expect(labelSelectorOf(deployment)).toBe('');
  });
});

describe('matchesSelector', () => {
  const LABELS = { app: 'hoopgateway', tier: 'edge', zone: 'b', live: '' };

  it.each([
    ['everything by the empty query', '', LABELS, true],
    ['what meets every part', QUERY, LABELS, true],
    ['another value', QUERY, { ...LABELS, app: 'other' }, false],
    ['a value that begins alike', 'app=hoop', LABELS, false],
    ['a missing label', QUERY, { ...LABELS, tier: undefined }, false],
    ['a value that is not listed', QUERY, { ...LABELS, zone: 'c' }, false],
    ['a label missing from a list', 'zone in (a,b)', {}, false],
    ['a value that is ruled out', QUERY, { ...LABELS, old: 'yes' }, false],
    ['a value that is not ruled out', QUERY, { ...LABELS, old: 'no' }, true],
    ['a label that must be there', 'live', {}, false],
    ['a label that must not be there', QUERY, { ...LABELS, canary: '' }, false],
    ['keys with a prefix', 'a.io/b=c,!d.io/e', { 'a.io/b': 'c' }, true],
  ])('should judge %s', (_, query, labels, expected) => {
    const given = Object.fromEntries(
      Object.entries(labels).filter(
        (entry): entry is [string, string] => entry[1] !== undefined,
      ),
    );
    expect(matchesSelector(given, query)).toBe(expected);
  });
});
