import type { Integration } from 'backstage-plugin-hoop-authentik-common';
import type { IntegrationSource } from '../store';

/** An integration as catalog and app-config name it. @internal */
export function sourceNamed(
  name: string,
  fields: Partial<IntegrationSource> = {},
): IntegrationSource {
  const entityRef = `resource:default/${name}`;
  return {
    id: entityRef,
    entityRef,
    owner: 'group:default/sre',
    gateway: {
      name,
      title: `Gateway ${name}`,
      url: `https://${name}.company`,
      targetType: 'kubernetes',
    },
    authentik: 'default',
    application: name,
    ...fields,
  };
}

/** What was observed of it: connected, unless the fields say otherwise. @internal */
export function reportNamed(
  name: string,
  fields: Partial<Integration> = {},
): Integration {
  return {
    entityRef: `resource:default/${name}`,
    state: 'connected',
    warnings: 0,
    complete: true,
    gateway: {
      name,
      title: `Gateway ${name}`,
      url: `https://${name}.company`,
      version: '1.148.0',
    },
    authentik: { name: 'default', baseUrl: 'https://auth.company' },
    application: {
      slug: name,
      issuer: `https://auth.company/application/o/${name}/`,
      adminUrl: 'https://auth.company/if/admin/',
    },
    problems: [],
    checks: [
      {
        id: 'authentik.signing-key-expiry',
        system: 'authentik',
        title: 'Signing certificate valid for 30 days',
        status: 'pass',
        params: { day: '2027-05-01' },
      },
    ],
    commands: [],
    observedAt: new Date().toISOString(),
    ...fields,
  };
}

/** One of which authentik did not answer. @internal */
export function unreachableNamed(
  name: string,
  fields: Partial<Integration> = {},
): Integration {
  return reportNamed(name, {
    state: 'unreachable',
    complete: false,
    problems: [
      {
        id: 'authentik.unreachable',
        severity: 'unknown',
        title: 'authentik cannot be reached',
        remedy: 'Check its address.',
        checks: [],
      },
    ],
    checks: [],
    ...fields,
  });
}
