import { countsOf } from './counts';

const rows = [
  {
    gateway: 'a',
    owner: 'group:default/sre',
    authentik: 'main',
    state: 'drifted' as const,
    warnings: 1,
  },
  {
    gateway: 'b',
    owner: 'group:default/data',
    authentik: 'main',
    state: 'connected' as const,
    warnings: 2,
  },
  { gateway: 'c', warnings: 0 },
];
const CHOICES = {
  owners: { 'group:default/sre': 1, 'group:default/data': 1 },
  authentik: { main: 2 },
};

describe('countsOf', () => {
  it('should count states, warnings, and what can be chosen from', () => {
    expect(countsOf(rows, {})).toEqual({
      states: { drifted: 1, connected: 1, unobserved: 1 },
      warnings: 2,
      ...CHOICES,
    });
  });

  it('should count the states of those chosen, and go on offering the others', () => {
    expect(countsOf(rows, { owner: ['Group:default/SRE'] })).toEqual({
      states: { drifted: 1 },
      warnings: 1,
      ...CHOICES,
    });
    expect(countsOf(rows, { authentik: ['other'] })).toEqual({
      states: {},
      warnings: 0,
      ...CHOICES,
    });
  });
});
