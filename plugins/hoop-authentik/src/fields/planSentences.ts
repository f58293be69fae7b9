import type {
  Access,
  ConnectionPlan,
} from 'backstage-plugin-hoop-authentik-common';
import type { Translate } from './validate';

/** Names in a sentence; more are counted. */
const MOST_NAMES = 5;

/** What a plan changes, object by object; pure. @internal */
export function changeSentences(plan: ConnectionPlan, t: Translate): string[] {
  if (plan.refusal) {
    return [t('fields.plan.refused', { reason: plan.refusal })];
  }
  const counts = new Map<string, number>();
  for (const { object } of [...plan.application, ...plan.gateway]) {
    counts.set(object, (counts.get(object) ?? 0) + 1);
  }
  return [
    ...(counts.size === 0 ? [t('fields.plan.unchanged')] : []),
    ...[...counts].map(([object, count]) =>
      t('fields.plan.changes', { object, count }),
    ),
    t(plan.restarts ? 'fields.plan.restarts' : 'fields.plan.noRestart'),
  ];
}

/** Whom a form of the template that connects lets in; pure. @internal */
export function accessSentences(
  form: Record<string, unknown>,
  t: Translate,
): string[] {
  if (form.access === 'everyone') {
    return [t('access.everyone')];
  }
  const groups = [form.bindings ?? []]
    .flat()
    .flatMap(binding => (binding as { group?: string }).group || []);
  return form.access === 'groups' && groups.length > 0
    ? [t('fields.plan.members', { groups: groups.join(', ') })]
    : [];
}

/** Whom a disconnection affects; pure. @internal */
export function affectedSentences(access: Access, t: Translate): string[] {
  const granted = access.grants
    .filter(({ enabled, negate }) => enabled && !negate)
    .map(({ kind, name, memberCount }) =>
      memberCount === undefined
        ? t(`access.kind.${kind}`, { name })
        : `${t(`access.kind.${kind}`, { name })} (${t('access.members', {
            count: memberCount,
          })})`,
    );
  const recent = [
    ...new Set(access.signIns?.map(({ username }) => username)),
  ].slice(0, MOST_NAMES);
  const whom =
    granted.length > 0
      ? t('fields.plan.affects', { who: granted.join(', ') })
      : t('fields.plan.affectsNone');
  return [
    access.everyone ? t('fields.plan.affectsEveryone') : whom,
    ...(recent.length > 0
      ? [t('fields.plan.recent', { names: recent.join(', ') })]
      : []),
  ];
}
