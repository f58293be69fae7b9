import { Link, Progress, ResponseErrorPanel } from '@backstage/core-components';
import { toError } from '@backstage/errors';
import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  scaffolderApiRef,
  SecretsContextProvider,
  useTemplateSecrets,
} from '@backstage/plugin-scaffolder-react';
import {
  Stepper,
  useTemplateParameterSchema,
} from '@backstage/plugin-scaffolder-react/alpha';
import Button from '@material-ui/core/Button';
import Dialog from '@material-ui/core/Dialog';
import DialogActions from '@material-ui/core/DialogActions';
import DialogContent from '@material-ui/core/DialogContent';
import DialogTitle from '@material-ui/core/DialogTitle';
import { makeStyles, useTheme } from '@material-ui/core/styles';
import useMediaQuery from '@material-ui/core/useMediaQuery';
import { useState } from 'react';
import { hoopAuthentikTranslationRef } from '../translation';
import { TaskProgress } from './TaskProgress';
import type { FilledTemplate } from './templates';
import { useFormExtensions } from './useFormExtensions';

const useStyles = makeStyles(
  theme => ({
    description: {
      margin: theme.spacing(0, 0, 1),
      color: theme.palette.text.secondary,
    },
    actions: {
      justifyContent: 'space-between',
      padding: theme.spacing(1, 3, 2),
    },
    // The form is made for a page; its own padding is one too many here.
    form: { margin: theme.spacing(0, -2) },
  }),
  { name: 'PluginHoopAuthentikTemplateDialog' },
);

/** A template on the same page: the form, then its task to the end. @internal */
export function TemplateDialog(props: {
  template: FilledTemplate;
  /** The page of the template. */
  href: string;
  /** Called once the task has ended, however it did. */
  onChanged: () => void;
  onClose: () => void;
}) {
  const { template, href, onChanged, onClose } = props;
  const classes = useStyles();
  const { t } = useTranslationRef(hoopAuthentikTranslationRef);
  const fullScreen = useMediaQuery(useTheme().breakpoints.down('xs'));
  const templateRef = `template:${template.namespace}/${template.name}`;
  const { manifest, loading, error } = useTemplateParameterSchema(templateRef);
  const [taskId, setTaskId] = useState<string>();

  return (
    <Dialog
      open
      fullWidth
      maxWidth="md"
      fullScreen={fullScreen}
      onClose={onClose}
      aria-labelledby="hoop-authentik-template"
    >
      <DialogTitle id="hoop-authentik-template">
        {manifest?.title ?? template.name}
      </DialogTitle>
      <DialogContent>
        {loading && <Progress />}
        {error && (
          <ResponseErrorPanel
            title={t('dialog.loadFailed')}
            error={toError(error)}
          />
        )}
        {taskId ? (
          <TaskProgress taskId={taskId} onEnd={onChanged} />
        ) : (
          manifest && (
            <SecretsContextProvider>
              {manifest.description && (
                <p className={classes.description}>{manifest.description}</p>
              )}
              <div className={classes.form}>
                <FilledForm
                  manifest={manifest}
                  templateRef={templateRef}
                  formData={template.formData}
                  onStarted={setTaskId}
                />
              </div>
            </SecretsContextProvider>
          )
        )}
      </DialogContent>
      <DialogActions className={classes.actions}>
        {taskId ? <span /> : <Link to={href}>{t('dialog.fullPage')}</Link>}
        <Button onClick={onClose}>{t('dialog.close')}</Button>
      </DialogActions>
    </Dialog>
  );
}

function FilledForm(props: {
  manifest: NonNullable<
    ReturnType<typeof useTemplateParameterSchema>['manifest']
  >;
  templateRef: string;
  formData: FilledTemplate['formData'];
  onStarted: (taskId: string) => void;
}) {
  const { manifest, templateRef, formData, onStarted } = props;
  const { t } = useTranslationRef(hoopAuthentikTranslationRef);
  const scaffolder = useApi(scaffolderApiRef);
  const { secrets } = useTemplateSecrets();
  const extensions = useFormExtensions();
  const [error, setError] = useState<Error>();

  const start = async (values: FilledTemplate['formData']) => {
    setError(undefined);
    try {
      const { taskId } = await scaffolder.scaffold({
        templateRef,
        values,
        secrets,
      });
      onStarted(taskId);
    } catch (e) {
      setError(toError(e));
    }
  };

  if (!extensions) {
    return <Progress />;
  }
  return (
    <>
      {error && (
        <ResponseErrorPanel title={t('dialog.startFailed')} error={error} />
      )}
      <Stepper
        manifest={manifest}
        extensions={extensions}
        initialState={formData}
        onCreate={start}
      />
    </>
  );
}
