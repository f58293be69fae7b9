import type { Page } from 'playwright-core';

const STATES = [
  'down',
  'drifted',
  'unreachable',
  'pending',
  'connected',
  'not-connected',
] as const;

function rowOf(index: number) {
  const state = STATES[index % STATES.length];
  return {
    id: `gateway-${index}`,
    entityRef: `resource:default/gateway-${index}`,
    owner: `group:default/team-${index % 40}`,
    gateway: {
      name: `gateway-${index}`,
      title: `Gateway ${index}`,
      url: `https://gateway-${index}.company.example`,
      version: '1.148.2',
      targetType: 'kubernetes',
    },
    authentik: `authentik-${index % 3}`,
    application: `gateway-${index}`,
    state,
    since: '2026-11-01T00:00:00.000Z',
    warnings: index % 5 === 0 ? 1 : 0,
    complete: true,
    problem: {
      id: 'authentik.redirect-uri',
      severity: 'fail',
      title: 'Redirect URI is strict and exact',
      remedy: 'Run the template again.',
    },
    problems: index % 4,
    keyExpiry: '2027-05-01T00:00:00.000Z',
    checkedAt: new Date().toISOString(),
    stale: false,
  };
}

function tally(values: string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const value of values) {
    counts[value] = (counts[value] ?? 0) + 1;
  }
  return counts;
}

/** Answers the list as the backend does for so many gateways, page by page. */
export async function showGateways(page: Page, count: number): Promise<void> {
  const all = Array.from({ length: count }, (_, index) => rowOf(index));
  await page.route(/\/api\/hoop-authentik\/integrations\?/, route => {
    const { searchParams } = new URL(route.request().url());
    const states = searchParams.getAll('state');
    const at = Number(searchParams.get('cursor') ?? 0);
    const end = at + Number(searchParams.get('limit') ?? 50);
    const rows = all.filter(
      ({ state }) => states.length === 0 || states.includes(state),
    );
    return route.fulfill({
      json: {
        items: rows.slice(at, end),
        ...(end < rows.length ? { nextCursor: `${end}` } : {}),
        ...(searchParams.get('counts') === 'true'
          ? {
              counts: {
                states: tally(all.map(({ state }) => state)),
                warnings: all.filter(({ warnings }) => warnings > 0).length,
                owners: tally(all.map(({ owner }) => owner)),
                authentik: tally(all.map(({ authentik }) => authentik)),
                complete: true,
              },
            }
          : {}),
      },
    });
  });
}
