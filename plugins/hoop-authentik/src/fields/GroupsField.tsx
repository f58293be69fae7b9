import { useTranslationRef } from '@backstage/frontend-plugin-api';
import type { FieldExtensionComponentProps } from '@backstage/plugin-scaffolder-react';
import { useMemo } from 'react';
import { hoopAuthentikTranslationRef } from '../translation';
import { LookupField } from './LookupField';
import { useLookup, type LoadArguments } from './useLookup';

/** A binding as the actions take it. @internal */
export interface GroupBinding {
  group: string;
}

/** Groups of the gateway's authentik. @internal */
export function GroupsField(
  props: FieldExtensionComponentProps<GroupBinding[]>,
) {
  const { formData, onChange } = props;
  const { t } = useTranslationRef(hoopAuthentikTranslationRef);
  const request = useLookup(props.formContext?.formData, loadGroups);
  const { groups = [], adminGroup } = request.value ?? {};
  // Forms start with one empty item where one is required.
  const values = useMemo(
    () => (formData ?? []).flatMap(({ group }) => group || []),
    [formData],
  );

  return (
    <LookupField
      field={props}
      multiple
      values={values}
      onChange={chosen => onChange(chosen.map(group => ({ group })))}
      options={groups.map(({ name, memberCount }) => ({
        value: name,
        aside: `${name === adminGroup ? `${t('fields.admins')} · ` : ''}${t(
          'access.members',
          { count: memberCount },
        )}`,
      }))}
      request={request}
      unlisted={t('fields.groupsUnknown')}
    />
  );
}

/** The groups to choose from, and which of them administers the gateway. */
async function loadGroups(...[api, attachment, options]: LoadArguments) {
  const [groups, gateways] = await Promise.all([
    api.listGroups(attachment.gateway, {}, options),
    api.listGateways(options),
  ]);
  const own = gateways.find(({ name }) => name === attachment.gateway);
  return { groups, adminGroup: own?.adminGroup };
}
