import { createTranslationRef } from '@backstage/frontend-plugin-api';

/**
 * Every text of the plugin, to translate or to reword.
 *
 * @public
 */
export const hoopAuthentikTranslationRef = createTranslationRef({
  id: 'plugin.hoop-authentik',
  messages: {
    title: 'Hoop.dev access',
    loading: 'Loading',
    refresh: {
      label: 'Refresh',
      running: 'Refreshing',
      failed: 'Could not refresh',
    },
    state: {
      connected: 'Connected',
      drifted: 'Drifted',
      'not-connected': 'Not connected',
      pending: 'Pending',
      down: 'Down',
      unreachable: 'Unreachable',
    },
    summary: {
      connected: 'People sign in to this gateway with authentik.',
      drifted: 'Some settings no longer match.',
      'not-connected': 'This gateway does not sign people in with authentik.',
      pending:
        'The settings are written, but the gateway does not use them yet.',
      down: 'This gateway is down.',
      unreachable: 'Not everything could be observed.',
    },
    facts: {
      gateway: 'Gateway',
      version: 'version {{version}}',
      signInMethod: 'Sign-in method',
      application: 'Application',
      applicationMissing: 'does not exist yet',
      applicationUnknown: 'could not be looked up',
      clientId: 'Client ID',
      issuer: 'Issuer',
      unknown: 'Not known',
    },
    checks: {
      heading: 'Checks',
      passing_one: '{{count}} check passes',
      passing_other: '{{count}} checks pass',
      skipped_one: '{{count}} skipped',
      skipped_other: '{{count}} skipped',
      onlySkipped_one: '{{count}} check skipped',
      onlySkipped_other: '{{count}} checks skipped',
      passingAndSkipped: '{{passing}}, {{skipped}}',
      expected: 'Expected',
      actual: 'Actual',
      remedy: 'Remedy',
      open: 'Open',
      openLabel: 'Open: {{title}}',
      system: {
        authentik: 'authentik',
        kubernetes: 'Kubernetes',
        gateway: 'Gateway',
        'sign-in': 'Sign-in',
      },
      status: {
        pass: 'Passes',
        warn: 'Warning',
        fail: 'Fails',
        unknown: 'Unknown',
        skipped: 'Skipped',
      },
    },
    commands: {
      heading: 'Sign in from a terminal',
    },
    copy: 'Copy: {{what}}',
    newWindow: 'opens in a new window',
    observed: 'Observed {{ago, relativetime}}',
    forbidden: {
      title: 'You are not allowed to see this integration',
      description: 'It takes the permission {{permission}} on this entity.',
    },
    error: {
      title: 'The integration could not be read',
      retry: 'Retry',
    },
  },
});
