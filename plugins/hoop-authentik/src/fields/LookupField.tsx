import { useTranslationRef } from '@backstage/frontend-plugin-api';
import type { FieldExtensionComponentProps } from '@backstage/plugin-scaffolder-react';
import Button from '@material-ui/core/Button';
import { makeStyles } from '@material-ui/core/styles';
import TextField from '@material-ui/core/TextField';
import Autocomplete, {
  createFilterOptions,
} from '@material-ui/lab/Autocomplete';
import { useEffect, useMemo, useState } from 'react';
import type { RequestResult } from '../hooks';
import { hoopAuthentikTranslationRef } from '../translation';
import { distinct, valueOf, type LookupOption } from './lookup';

/** More would only slow the page down: a few letters narrow the list. */
const MOST_SHOWN = 100;

const useStyles = makeStyles(
  theme => ({
    option: {
      // Why an option cannot be chosen has to be readable.
      '&[aria-disabled="true"]': { opacity: 1, cursor: 'not-allowed' },
    },
    row: {
      display: 'flex',
      flexWrap: 'wrap',
      flexGrow: 1,
      alignItems: 'baseline',
      justifyContent: 'space-between',
      columnGap: theme.spacing(2),
      minWidth: 0,
      overflowWrap: 'anywhere',
    },
    aside: { color: theme.palette.text.secondary },
    reason: {
      flexBasis: '100%',
      color: theme.palette.text.secondary,
      fontSize: theme.typography.caption.fontSize,
    },
    unlisted: {
      display: 'flex',
      flexWrap: 'wrap',
      alignItems: 'center',
      gap: theme.spacing(1),
    },
  }),
  { name: 'PluginHoopAuthentikLookupField' },
);

/** The part of the properties of a form field that a look-up needs. @internal */
export type LookupFieldProps = Pick<
  FieldExtensionComponentProps<string>,
  'schema' | 'required' | 'disabled' | 'rawErrors'
> & { idSchema?: { $id: string } };

/**
 * The core of the pickers: searches a list, shows why some of it cannot be chosen, and takes free text, which is all there
 * is where the list cannot be read.
 *
 * @internal
 */
export function LookupField(props: {
  field: LookupFieldProps;
  multiple?: boolean;
  /** Memoized, since another array empties the input. */
  values: string[];
  onChange: (values: string[]) => void;
  options: readonly LookupOption[];
  request: Pick<RequestResult<unknown>, 'error' | 'loading' | 'retry'>;
  /** What to do where the list cannot be read. */
  unlisted: string;
}) {
  const { field, multiple = false, values, options, request } = props;
  const { title, description } = field.schema;
  const { rawErrors = [], disabled, required } = field;
  const classes = useStyles();
  const { t } = useTranslationRef(hoopAuthentikTranslationRef);
  const byValue = useMemo(
    () => new Map(options.map(option => [option.value, option])),
    [options],
  );
  const labelOf = (value: string) => byValue.get(value)?.label ?? value;
  const [chosen = ''] = multiple ? [] : values;
  const shown = chosen && labelOf(chosen);
  const [typed, setTyped] = useState(shown);
  // The name of what was chosen may be known only later.
  useEffect(() => setTyped(shown), [shown]);

  const choose = (next: readonly string[]) => props.onChange(distinct(next));
  /** What was typed counts, whether or not Enter was pressed. */
  const takeTyped = () => {
    const text = typed.trim();
    if (multiple && text) {
      choose([...values, valueOf(text, options)]);
      setTyped('');
    } else if (!multiple && text !== shown) {
      choose([valueOf(text, options)]);
    }
  };

  return (
    <Autocomplete<string, boolean, false, true>
      id={field.idSchema?.$id}
      classes={{ option: classes.option }}
      multiple={multiple}
      freeSolo
      forcePopupIcon={!multiple}
      filterSelectedOptions={multiple}
      disabledItemsFocusable
      disabled={disabled}
      loading={request.loading}
      loadingText={t('loading')}
      clearText={t('fields.clear')}
      openText={t('fields.open')}
      closeText={t('fields.close')}
      options={[...byValue.keys()]}
      getOptionLabel={labelOf}
      getOptionDisabled={value => Boolean(byValue.get(value)?.unusable)}
      filterOptions={createFilterOptions({
        limit: MOST_SHOWN,
        stringify: value => `${labelOf(value)} ${value}`,
      })}
      value={multiple ? values : chosen || null}
      onChange={(_, next) =>
        choose([next ?? []].flat().map(text => valueOf(text, options)))
      }
      inputValue={typed}
      onInputChange={(_, text) => setTyped(text)}
      onBlur={takeTyped}
      renderOption={value => {
        const { aside, unusable } = byValue.get(value) ?? {};
        return (
          <span className={classes.row}>
            <span className={unusable && classes.aside}>{labelOf(value)}</span>
            <span className={classes.aside}>{aside}</span>
            {unusable && <span className={classes.reason}>{unusable}</span>}
          </span>
        );
      }}
      renderInput={input => (
        <TextField
          {...input}
          label={title}
          required={required}
          inputProps={{
            ...input.inputProps,
            // The input is empty once the names are chips, and the browser would refuse the form for that.
            ...(multiple ? { required: false } : {}),
            // The scaffolder shows the errors below.
            'aria-describedby': `${field.idSchema?.$id}-helper-text ${field.idSchema?.$id}__error`,
            'aria-invalid': rawErrors.length > 0,
          }}
          variant="outlined"
          error={rawErrors.length > 0}
          // The description is no error, and red text has too little contrast in some themes.
          FormHelperTextProps={{ component: 'div', error: false } as object}
          InputLabelProps={{ ...input.InputLabelProps, error: false }}
          helperText={
            request.error ? (
              <span className={classes.unlisted}>
                {props.unlisted}
                <Button size="small" onClick={request.retry}>
                  {t('error.retry')}
                </Button>
              </span>
            ) : (
              description
            )
          }
        />
      )}
    />
  );
}
