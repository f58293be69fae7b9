import { humanizeEntityRef } from '@backstage/plugin-catalog-react';
import { parseEntityRef } from '@backstage/catalog-model';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { makeStyles } from '@material-ui/core/styles';
import TextField from '@material-ui/core/TextField';
import { hoopAuthentikTranslationRef } from '../../translation';

const useStyles = makeStyles(
  theme => ({
    root: {
      flex: '0 1 200px',
      minWidth: 140,
      // The grey of a label is too light on the background of a page.
      '& label': { color: theme.palette.text.primary },
    },
  }),
  { name: 'PluginHoopAuthentikChoice' },
);

/** Narrows a list to one value of those that it has; the server counts them. @internal */
export function Choice(props: {
  label: string;
  counts: Record<string, number> | undefined;
  chosen: string | undefined;
  nameOf?: (value: string) => string;
  onChoose: (value: string | undefined) => void;
}) {
  const { label, counts = {}, chosen, nameOf = String, onChoose } = props;
  const classes = useStyles();
  const { t } = useTranslationRef(hoopAuthentikTranslationRef);
  const values = new Set([
    ...Object.keys(counts),
    // One from the address may have no gateway any more.
    ...(chosen ? [chosen] : []),
  ]);
  const options = [...values]
    .map(value => ({ value, name: nameOf(value) }))
    .sort((a, b) => a.name.localeCompare(b.name));

  return (
    <TextField
      select
      className={classes.root}
      size="small"
      variant="outlined"
      label={label}
      value={chosen ?? ''}
      onChange={event => onChoose(event.target.value || undefined)}
      InputLabelProps={{ shrink: true }}
      SelectProps={{ native: true, displayEmpty: true }}
      inputProps={{ 'aria-label': label }}
    >
      <option value="">{t('gateways.any')}</option>
      {options.map(({ value, name }) => (
        <option key={value} value={value}>
          {name} ({counts[value] ?? 0})
        </option>
      ))}
    </TextField>
  );
}

/** An owner as people read it. @internal */
export function ownerName(ref: string): string {
  try {
    return humanizeEntityRef(parseEntityRef(ref), { defaultKind: 'group' });
  } catch {
    return ref;
  }
}
