import type { Integration } from 'backstage-plugin-hoop-authentik-common';
import type { GatewayReport, Verdict } from '../doctor/examine';

/** What the doctor found of a gateway that could be asked. @internal */
export function reportOf({
  verdict,
  ...fields
}: { verdict: Verdict } & Partial<Integration>): GatewayReport {
  const { problems = [] } = fields;
  return {
    name: 'prod',
    verdict,
    integration: {
      state: 'connected',
      warnings: problems.filter(({ severity }) => severity === 'warn').length,
      complete: true,
      gateway: {
        name: 'prod',
        title: 'Company gateway',
        url: 'https://hoop.company',
      },
      authentik: { name: 'default', baseUrl: 'https://auth.company' },
      application: {
        slug: 'hoop',
        issuer: 'https://auth.company/application/o/hoop/',
        adminUrl: 'https://auth.company/if/admin/',
      },
      problems,
      checks: [],
      commands: [],
      observedAt: '2026-05-01T12:00:00Z',
      ...fields,
    },
  };
}
