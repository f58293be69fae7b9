import { useTranslationRef } from '@backstage/frontend-plugin-api';
import type { FieldExtensionComponentProps } from '@backstage/plugin-scaffolder-react';
import { makeStyles } from '@material-ui/core/styles';
import { useCallback } from 'react';
import { StatePill } from '../components/shared/StatePill';
import { useRequest } from '../hooks';
import { hoopAuthentikTranslationRef } from '../translation';
import type { GatewayChoice, GatewayNeeds } from './gatewayChoices';
import { loadGatewayChoices } from './loadGatewayChoices';
import { NameField } from './NameField';
import { PreflightResult } from './PreflightResult';
import { useLookupApis } from './useLookupApis';
import { optionsOf, type Translate } from './validate';

const useStyles = makeStyles(
  theme => ({
    aside: {
      display: 'inline-flex',
      flexWrap: 'wrap',
      alignItems: 'center',
      gap: theme.spacing(1),
    },
    chosen: {
      display: 'flex',
      flexWrap: 'wrap',
      alignItems: 'center',
      gap: theme.spacing(1),
      marginTop: theme.spacing(1),
    },
  }),
  { name: 'PluginHoopAuthentikGatewayField' },
);

/**
 * A gateway, by the entity that stands for it. The option `targets` names the types of targets that the template can work
 * with; `manage: false` is for templates that change nothing, so that all gateways that the viewer sees can be chosen; with
 * `preflight`, the field shows whether the gateway can be connected.
 *
 * @internal
 */
export function GatewayField(props: FieldExtensionComponentProps<string>) {
  const { formData, uiSchema } = props;
  const classes = useStyles();
  const { t } = useTranslationRef(hoopAuthentikTranslationRef);
  const options = optionsOf(uiSchema);
  const request = useGatewayChoices(needsOf(options));
  const { choices = [], error } = request.value ?? {};
  const chosen = choices.find(({ value }) => value === formData);

  return (
    <>
      <NameField
        field={props}
        options={choices.map(choice => ({
          value: choice.value,
          label: choice.title,
          aside: (
            <span className={classes.aside}>
              {choice.value}
              <ChoiceState choice={choice} />
            </span>
          ),
          unusable: unusableText(choice, t),
        }))}
        request={{ ...request, error: request.error ?? error }}
        unlisted={t(
          request.error ? 'fields.gatewaysUnlisted' : 'fields.statesUnlisted',
        )}
      />
      {chosen && !chosen.unusable && (
        <div className={classes.chosen}>
          <ChoiceState choice={chosen} />
          {options.preflight === true && (
            <PreflightResult
              gateway={chosen.gateway}
              application={chosen.application}
            />
          )}
        </div>
      )}
    </>
  );
}

function ChoiceState({ choice: { summary } }: { choice: GatewayChoice }) {
  return summary?.state ? (
    <StatePill
      state={summary.state}
      warnings={summary.warnings}
      failures={0}
      partly={false}
    />
  ) : null;
}

/** What the `ui:options` of the field ask for. @internal */
export function needsOf({
  targets,
  manage,
}: Record<string, unknown>): GatewayNeeds {
  return {
    targets: Array.isArray(targets) ? targets.map(String) : undefined,
    manage: manage !== false,
  };
}

/** Why a gateway cannot be chosen, in words. @internal */
export function unusableText(
  { unusable, gateway, target = '' }: GatewayChoice,
  t: Translate,
): string | undefined {
  return unusable && t(`fields.unusable.${unusable}`, { gateway, target });
}

function useGatewayChoices({ targets, manage }: GatewayNeeds) {
  const apis = useLookupApis();
  const types = targets?.join();
  return useRequest(
    useCallback(
      async options =>
        loadGatewayChoices(
          apis,
          { targets: types?.split(','), manage },
          options,
        ),
      [apis, types, manage],
    ),
  );
}
