import { useTranslationRef } from '@backstage/frontend-plugin-api';
import type { FieldExtensionComponentProps } from '@backstage/plugin-scaffolder-react';
import { makeStyles } from '@material-ui/core/styles';
import { useCallback, useEffect, useRef } from 'react';
import { ErrorNotice } from '../components/shared/ErrorNotice';
import { hoopAuthentikTranslationRef } from '../translation';
import {
  accessSentences,
  affectedSentences,
  changeSentences,
} from './planSentences';
import { useLookup, type LoadArguments } from './useLookup';
import { optionsOf, type Translate } from './validate';

const useStyles = makeStyles(
  theme => ({
    root: {
      ...theme.typography.body2,
      margin: 0,
      padding: theme.spacing(1.5, 2),
      border: `1px solid ${theme.palette.divider}`,
      borderRadius: theme.shape.borderRadius,
      overflowWrap: 'anywhere',
    },
    title: { fontWeight: 600 },
    list: { margin: theme.spacing(1, 0, 0), paddingLeft: theme.spacing(2.5) },
    note: { margin: theme.spacing(1, 0, 0) },
  }),
  { name: 'PluginHoopAuthentikPlanField' },
);

/**
 * Says before the review what the task will do, and gives the review its text. The option `of` says what to ask: what a
 * connection would change, or whom a disconnection affects; otherwise the text is that of the template.
 *
 * @internal
 */
export function PlanField(props: FieldExtensionComponentProps<string>) {
  const { schema, formData, onChange, uiSchema, formContext } = props;
  const classes = useStyles();
  const { t } = useTranslationRef(hoopAuthentikTranslationRef);
  const form = formContext?.formData ?? {};
  const of = optionsOf(uiSchema).of;
  const { value, error, loading, retry } = usePlan(of, form);
  const sentences = value && sentencesOf(value, form, t);
  const byDefault = typeof schema.default === 'string' ? schema.default : '';

  const text = sentences ? sentences.join(' ') : byDefault;
  const change = useRef(onChange);
  change.current = onChange;
  useEffect(() => {
    if (text && text !== formData) {
      change.current(text);
    }
  }, [text, formData]);

  return (
    <section className={classes.root} aria-label={schema.title}>
      <div className={classes.title}>{schema.title}</div>
      {sentences ? (
        <ul className={classes.list}>
          {sentences.map(sentence => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
      ) : (
        <p className={classes.note}>{byDefault}</p>
      )}
      <div role="status">
        {loading && <p className={classes.note}>{t('fields.plan.loading')}</p>}
      </div>
      {error && (
        <ErrorNotice
          title={t('fields.plan.failed')}
          error={error}
          retrying={loading}
          onRetry={retry}
        />
      )}
    </section>
  );
}

function usePlan(of: unknown, form: Record<string, unknown>) {
  const { entity, name } = form;
  return useLookup(
    form,
    useCallback(
      async (...[api, { gateway, application }, options]: LoadArguments) => {
        if (of === 'connect') {
          const query = {
            application,
            name: typeof name === 'string' ? name : undefined,
          };
          return { plan: await api.planConnection(gateway, query, options) };
        }
        return of === 'disconnect' && typeof entity === 'string'
          ? { access: await api.getAccess(entity, options) }
          : undefined;
      },
      [of, entity, name],
    ),
  );
}

function sentencesOf(
  known: {
    plan?: Parameters<typeof changeSentences>[0];
    access?: Parameters<typeof affectedSentences>[0];
  },
  form: Record<string, unknown>,
  t: Translate,
): string[] {
  return [
    ...(known.plan
      ? [...changeSentences(known.plan, t), ...accessSentences(form, t)]
      : []),
    ...(known.access
      ? [
          ...affectedSentences(known.access, t),
          t('fields.plan.local'),
          ...(form.deleteApplication ? [t('fields.plan.deletes')] : []),
        ]
      : []),
  ];
}
