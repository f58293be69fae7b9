import {
  brokenIntegration,
  integrations,
  openIntegration,
} from '../__fixtures__/integrations';
import { cardContent } from './cardContent';
import { signInVerdict } from './signInVerdict';

describe('cardContent', () => {
  it('should list three problems and count the rest', () => {
    const { problems, furtherProblems } = cardContent(brokenIntegration);

    expect(problems.map(({ id }) => id)).toEqual([
      'authentik.redirect-uri',
      'kubernetes.settings',
      'authentik.bindings',
    ]);
    expect(furtherProblems).toBe(4);
  });

  it('should tell problems with the same text once', () => {
    const [problem] = integrations.drifted.problems;
    const { problems } = cardContent({
      ...integrations.drifted,
      problems: [problem, { ...problem, id: 'authentik.scopes' }],
    });

    expect(problems).toHaveLength(1);
  });

  it('should not list what the sentence says', () => {
    expect(cardContent(openIntegration).problems).toEqual([]);
    expect(cardContent(integrations.pending).problems).toEqual([]);
    expect(cardContent(integrations['not-connected']).problems).toEqual([]);
  });

  it('should repair what was connected, also where a part is missing', () => {
    const [problem] = integrations.drifted.problems;

    expect(
      cardContent({
        ...integrations.drifted,
        problems: [{ ...problem, fix: { action: 'connect' } }],
      }).primary,
    ).toEqual({ kind: 'fix', fix: { action: 'repair' } });
  });

  it('should lead to the problem where no template helps', () => {
    const [{ fix, ...problem }] = integrations.drifted.problems;

    expect(fix).toBeDefined();
    expect(
      cardContent({ ...integrations.drifted, problems: [problem] }).primary,
    ).toEqual({ kind: 'view-problem' });
  });
});

describe('signInVerdict', () => {
  const drifted = (id: 'kubernetes.settings' | 'authentik.groups-claim') => ({
    ...integrations.drifted,
    checks: [
      { ...integrations.drifted.checks[0], id, status: 'fail' as const },
    ],
  });

  it.each([
    ['works', integrations.connected],
    ['broken', integrations.drifted],
    ['broken', integrations.down],
    ['may-fail', drifted('kubernetes.settings')],
    ['works', drifted('authentik.groups-claim')],
    ['unknown', { ...drifted('authentik.groups-claim'), complete: false }],
  ] as const)('should be %s', (verdict, integration) => {
    expect(signInVerdict(integration)).toBe(verdict);
  });
});
