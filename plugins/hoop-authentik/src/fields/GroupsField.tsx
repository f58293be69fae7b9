import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import { catalogApiRef } from '@backstage/plugin-catalog-react';
import type { FieldExtensionComponentProps } from '@backstage/plugin-scaffolder-react';
import { makeStyles } from '@material-ui/core/styles';
import TextField from '@material-ui/core/TextField';
import Autocomplete from '@material-ui/lab/Autocomplete';
import { useCallback, useMemo, useState } from 'react';
import { hoopAuthentikApiRef } from '../api';
import { useRequest } from '../hooks';
import { hoopAuthentikTranslationRef } from '../translation';
import { gatewayOf } from './gatewayOf';
import type { GroupBinding } from './unknownGroups';

const useStyles = makeStyles(
  theme => ({
    option: {
      display: 'flex',
      flexGrow: 1,
      justifyContent: 'space-between',
      gap: theme.spacing(2),
    },
    aside: { color: theme.palette.text.secondary },
  }),
  { name: 'PluginHoopAuthentikGroupsField' },
);

/** Groups of the gateway's authentik, with free text where it cannot be asked. @internal */
export function GroupsField(
  props: FieldExtensionComponentProps<GroupBinding[]>,
) {
  const { formData, onChange, rawErrors = [], required, disabled } = props;
  const { title, description } = props.schema;
  const classes = useStyles();
  const { t } = useTranslationRef(hoopAuthentikTranslationRef);
  const { value, error, loading } = useGroups(props.formContext?.formData);
  const groups = value?.groups ?? [];
  const [typed, setTyped] = useState('');
  // Forms start with one empty item where one is required. Memoized, since another array empties the input.
  const names = useMemo(
    () => (formData ?? []).flatMap(({ group }) => group || []),
    [formData],
  );
  const choose = (chosen: string[]) =>
    onChange([...new Set(chosen)].map(group => ({ group })));

  return (
    <Autocomplete<string, true, false, true>
      multiple
      freeSolo
      filterSelectedOptions
      disabled={disabled}
      loading={loading}
      options={groups.map(({ name }) => name)}
      value={names}
      onChange={(_, chosen) => choose(chosen)}
      inputValue={typed}
      onInputChange={(_, text) => setTyped(text)}
      // What was typed counts, whether or not Enter was pressed.
      onBlur={() => {
        if (typed.trim()) {
          choose([...names, typed.trim()]);
          setTyped('');
        }
      }}
      renderOption={name => (
        <span className={classes.option}>
          <span>{name}</span>
          <span className={classes.aside}>
            {name === value?.adminGroup && `${t('fields.admins')} · `}
            {t('access.members', {
              count: groups.find(one => one.name === name)?.memberCount ?? 0,
            })}
          </span>
        </span>
      )}
      renderInput={input => (
        <TextField
          {...input}
          label={title}
          required={required}
          // The input is empty once the names are chips, and the browser would refuse the form for that.
          inputProps={{ ...input.inputProps, required: false }}
          variant="outlined"
          error={rawErrors.length > 0}
          helperText={
            rawErrors[0] ?? (error ? t('fields.groupsUnknown') : description)
          }
        />
      )}
    />
  );
}

/** The groups to choose from, and which of them administers the gateway. */
function useGroups(form: Record<string, unknown> = {}) {
  const api = useApi(hoopAuthentikApiRef);
  const catalog = useApi(catalogApiRef);
  const { entity, gateway } = form;
  return useRequest(
    useCallback(
      async options => {
        const name = await gatewayOf({ entity, gateway }, catalog);
        if (!name) {
          return undefined;
        }
        const [groups, gateways] = await Promise.all([
          api.listGroups(name, {}, options),
          api.listGateways(options),
        ]);
        return {
          groups,
          adminGroup: gateways.find(one => one.name === name)?.adminGroup,
        };
      },
      [api, catalog, entity, gateway],
    ),
  );
}
