import { useTranslationRef } from '@backstage/frontend-plugin-api';
import Checkbox from '@material-ui/core/Checkbox';
import FormControl from '@material-ui/core/FormControl';
import FormControlLabel from '@material-ui/core/FormControlLabel';
import FormGroup from '@material-ui/core/FormGroup';
import FormHelperText from '@material-ui/core/FormHelperText';
import FormLabel from '@material-ui/core/FormLabel';
import Radio from '@material-ui/core/Radio';
import RadioGroup from '@material-ui/core/RadioGroup';
import { makeStyles } from '@material-ui/core/styles';
import TextField from '@material-ui/core/TextField';
import {
  REQUEST_TEXT_LIMITS,
  type RequestOptions,
} from 'backstage-plugin-hoop-authentik-common';
import { hoopAuthentikTranslationRef } from '../../translation';
import type { FormFault, RequestForm } from './requestForm';

const useStyles = makeStyles(
  theme => ({
    root: {
      display: 'flex',
      flexDirection: 'column',
      gap: theme.spacing(2),
    },
  }),
  { name: 'PluginHoopAuthentikRequestFields' },
);

interface FieldsProps {
  form: RequestForm;
  options: RequestOptions;
  faults: FormFault[];
  onChange: (changed: Partial<RequestForm>) => void;
}

/** Whom to let in, why, and until when. @internal */
export function RequestFields(props: FieldsProps) {
  const { form, faults, onChange } = props;
  const classes = useStyles();
  const { t } = useTranslationRef(hoopAuthentikTranslationRef);
  const { shortest, longest } = REQUEST_TEXT_LIMITS;

  return (
    <div className={classes.root}>
      {form.kind === 'connect' ? <Groups {...props} /> : <Subject {...props} />}
      <TextField
        required
        multiline
        minRows={3}
        variant="outlined"
        id="hoop-authentik-reason"
        label={t('requests.reason')}
        value={form.reason}
        onChange={event => onChange({ reason: event.target.value })}
        inputProps={{ maxLength: longest }}
        error={faults.includes('reason')}
        helperText={t('requests.reasonHelp', {
          shortest: `${shortest}`,
          longest: `${longest}`,
          length: `${form.reason.trim().length}`,
        })}
      />
      {form.kind === 'access' && (
        <TextField
          type="datetime-local"
          variant="outlined"
          id="hoop-authentik-until"
          label={t('requests.until')}
          value={form.until}
          onChange={event => onChange({ until: event.target.value })}
          InputLabelProps={{ shrink: true }}
          error={faults.includes('until')}
          helperText={t(
            faults.includes('until')
              ? 'requests.untilPast'
              : 'requests.untilHelp',
          )}
        />
      )}
    </div>
  );
}

/** Groups of the caller whose members are to sign in once the gateway is connected. */
function Groups({ form, options, onChange }: FieldsProps) {
  const { t } = useTranslationRef(hoopAuthentikTranslationRef);
  const groups = options.subjects.filter(({ kind }) => kind === 'group');
  const toggle = (ref: string, chosen: boolean) =>
    onChange({
      groups: chosen
        ? [...form.groups, ref]
        : form.groups.filter(one => one !== ref),
    });

  return (
    <FormControl component="fieldset">
      <FormLabel component="legend">{t('requests.groups')}</FormLabel>
      <FormGroup>
        {groups.map(({ ref, title }) => (
          <FormControlLabel
            key={ref}
            label={title}
            control={
              <Checkbox
                color="primary"
                checked={form.groups.includes(ref)}
                onChange={(_, chosen) => toggle(ref, chosen)}
              />
            }
          />
        ))}
      </FormGroup>
      <FormHelperText>
        {options.allowedGroups.length > 0
          ? t('requests.groupsAlso', {
              groups: options.allowedGroups.join(', '),
            })
          : t(groups.length > 0 ? 'requests.groupsHelp' : 'requests.noGroups')}
      </FormHelperText>
    </FormControl>
  );
}

function Subject({ form, options, faults, onChange }: FieldsProps) {
  const { t } = useTranslationRef(hoopAuthentikTranslationRef);
  return (
    <FormControl
      component="fieldset"
      required
      error={faults.includes('subject')}
    >
      <FormLabel component="legend">{t('requests.subject')}</FormLabel>
      <RadioGroup
        value={form.subject}
        onChange={event => onChange({ subject: event.target.value })}
      >
        {options.subjects.map(({ ref, kind, title }) => (
          <FormControlLabel
            key={ref}
            value={ref}
            control={<Radio color="primary" />}
            label={t(`requests.subjectOf.${kind}`, { name: title })}
          />
        ))}
      </RadioGroup>
      <FormHelperText>
        {t(
          options.subjects.length > 0
            ? 'requests.subjectHelp'
            : 'requests.noSubjects',
        )}
      </FormHelperText>
    </FormControl>
  );
}
