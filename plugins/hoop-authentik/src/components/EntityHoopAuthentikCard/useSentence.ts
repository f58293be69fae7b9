import { useTranslationRef } from '@backstage/frontend-plugin-api';
import type { Integration } from 'backstage-plugin-hoop-authentik-common';
import {
  areSettings,
  isOpen,
  undecidedChecks,
  type CardContent,
} from '../../integration';
import { hoopAuthentikTranslationRef } from '../../translation';

/** The one sentence that a card says. @internal */
export function useSentence(
  integration: Integration,
  { verdict, primary }: CardContent,
): string {
  const { t } = useTranslationRef(hoopAuthentikTranslationRef);
  const { state, problems, warnings, gateway } = integration;

  switch (state) {
    case 'not-connected':
      if (gateway.authMethod === 'local') {
        return t('summary.local');
      }
      return gateway.authMethod
        ? t('summary.otherMethod', { method: gateway.authMethod })
        : t('summary.not-connected');
    case 'pending':
      return primary ? t('summary.needsRestart') : t('summary.pending');
    case 'down': {
      const error = problems.find(({ id }) => id === 'gateway.down')?.error;
      return error
        ? t('summary.down', { error: error.replace(/\.$/, '') })
        : t('summary.downUnexplained');
    }
    case 'unreachable': {
      const cause = problems.find(({ severity }) => severity === 'unknown');
      return cause
        ? t('summary.unreachable', {
            cause: cause.title,
            count: undecidedChecks(integration),
          })
        : t('summary.unreachableUnexplained');
    }
    case 'drifted': {
      const count = problems.filter(
        ({ severity }) => severity === 'fail',
      ).length;
      return t('summary.drifted', {
        what: areSettings(problems)
          ? t('summary.settings', { count })
          : t('summary.checks', { count }),
        signIn: t(`summary.signIn.${verdict}`),
      });
    }
    default:
      if (problems.some(isOpen)) {
        return t('summary.open');
      }
      return warnings > 0
        ? t('summary.warnings', { count: warnings })
        : t('summary.connected');
  }
}
