import { createBackendModule } from '@backstage/backend-plugin-api';
import {
  hoopAuthentikChecksExtensionPoint,
  type AddedCheck,
} from 'backstage-plugin-hoop-authentik-node/alpha';

const DOMAIN = 'company.example';

export const companyDomainCheck: AddedCheck = {
  id: 'gateway.x-company-domain',
  system: 'gateway',
  title: 'Gateway is served from the company domain',
  why: 'Certificates and firewalls are prepared for the company domain only.',
  remedy: 'Serve the gateway from the company domain.',
  run: ({ desired }) => {
    const { hostname } = new URL(desired.gateway.url);
    return hostname.endsWith(`.${DOMAIN}`)
      ? { status: 'pass', actual: hostname }
      : {
          status: 'warn',
          expected: `a host below ${DOMAIN}`,
          actual: hostname,
          remedy: `Serve the gateway from a host below ${DOMAIN}, and correct its url in app-config.`,
          params: { domain: DOMAIN, hostname },
        };
  },
};

export const companyChecksModule = createBackendModule({
  pluginId: 'hoop-authentik',
  moduleId: 'company-checks',
  register({ registerInit }) {
    registerInit({
      deps: { checks: hoopAuthentikChecksExtensionPoint },
      async init({ checks }) {
        checks.addChecks(companyDomainCheck);
      },
    });
  },
});
