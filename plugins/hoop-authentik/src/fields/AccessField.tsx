import { useTranslationRef } from '@backstage/frontend-plugin-api';
import type { FieldExtensionComponentProps } from '@backstage/plugin-scaffolder-react';
import FormControl from '@material-ui/core/FormControl';
import FormControlLabel from '@material-ui/core/FormControlLabel';
import FormLabel from '@material-ui/core/FormLabel';
import Radio from '@material-ui/core/Radio';
import RadioGroup from '@material-ui/core/RadioGroup';
import { makeStyles } from '@material-ui/core/styles';
import ReportProblemIcon from '@material-ui/icons/ReportProblem';
import { hoopAuthentikTranslationRef } from '../translation';

const useStyles = makeStyles(
  theme => ({
    warning: {
      ...theme.typography.body2,
      display: 'flex',
      gap: theme.spacing(1),
      padding: theme.spacing(1.5),
      borderRadius: 'var(--bui-radius-2)',
      color: 'var(--bui-warning-fg-subdued)',
      backgroundColor: 'var(--bui-warning-bg-subdued)',
    },
  }),
  { name: 'PluginHoopAuthentikAccessField' },
);

/** Who may sign in: members of groups, or everyone, with a warning. @internal */
export function AccessField(props: FieldExtensionComponentProps<string>) {
  const { formData = '', onChange, schema, required, disabled } = props;
  const classes = useStyles();
  const { t } = useTranslationRef(hoopAuthentikTranslationRef);
  const { enumNames = [] } = schema as { enumNames?: string[] };

  return (
    <FormControl component="fieldset" required={required} disabled={disabled}>
      <FormLabel component="legend">{schema.title}</FormLabel>
      <RadioGroup
        value={formData}
        onChange={(_, chosen) => onChange(chosen)}
        name={props.idSchema?.$id}
      >
        {(schema.enum ?? []).map((value, index) => (
          <FormControlLabel
            key={String(value)}
            value={value}
            label={enumNames[index] ?? String(value)}
            control={<Radio color="primary" />}
          />
        ))}
      </RadioGroup>
      <div role="status">
        {formData === 'everyone' && (
          <div className={classes.warning}>
            <ReportProblemIcon fontSize="small" aria-hidden />
            <span>{t('fields.openWarning')}</span>
          </div>
        )}
      </div>
    </FormControl>
  );
}
