import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import { preflightGateway } from 'backstage-plugin-hoop-authentik-node';
import { previewApplication } from 'backstage-plugin-hoop-authentik-node/alpha';
import type { ActionOptions } from './support/ActionOptions';
import {
  allowLockout,
  allowManaged,
  allowSecretLoss,
  approvedRequest,
  examplesOf,
  gatewayInputs,
  outputs,
} from './support/schema';
import { exclusively } from './support/exclusively';
import {
  namedObjects,
  withoutEmpty,
  type NamedObjects,
} from './support/namedObjects';
import { counted, logTo } from './support/taskLog';

const ID = 'hoop:gateway:preflight';

/**
 * `hoop:gateway:preflight`: refuses what `hoop:gateway:configure` would refuse, before any step has written anything.
 *
 * @public
 */
export function createHoopGatewayPreflightAction(options: ActionOptions) {
  return createTemplateAction({
    id: ID,
    description:
      'Checks that a gateway can be connected before a template writes anything: reads all three systems, checks the permissions in the cluster, and fails with one message where hoop:gateway:configure would. Missing parts of the application are left to authentik:application:ensure, but the groups, certificate and flows that the template is about to give it must exist. Changes nothing; the gateway keeps one unused login state.',
    examples: examplesOf(ID, {
      'Check that a gateway can be connected before its application is created':
        {
          id: 'preflight',
          name: 'Check that the gateway can be connected',
          input: { entityRef: 'resource:default/hoop' },
        },
      'Accept a gateway without an administrator in authentik, as in the step that configures it':
        {
          id: 'preflight',
          name: 'Check that the gateway can be connected',
          input: { gateway: 'main', allowLockout: true },
        },
      'Find a misspelled group before anything runs': {
        id: 'preflight',
        name: 'Check that the gateway can be connected',
        input: { gateway: 'main', bindings: [{ group: 'engineering' }] },
      },
    }),
    supportsDryRun: true,
    schema: {
      input: {
        ...gatewayInputs,
        request: approvedRequest,
        allowManaged,
        allowLockout,
        allowSecretLoss,
        ...namedObjects,
      },
      output: {
        gateway: outputs.gateway,
        gatewayUrl: outputs.gatewayUrl,
        passed: outputs.passed,
      },
    },
    async handler(ctx) {
      // It writes only where it undoes a switch that an earlier run has left.
      await exclusively(options, ctx, ID, async held => {
        const { gateway, desired, systems, signal } = held;
        const { name, url } = gateway.config;
        const { checks } = await preflightGateway(systems, desired, {
          signal,
          dryRun: ctx.isDryRun,
          allowManaged: ctx.input.allowManaged,
          allowLockout: ctx.input.allowLockout,
          allowSecretLoss: ctx.input.allowSecretLoss,
          log: logTo(ctx.logger),
        });
        const named = namedIn(ctx.input);
        if (named) {
          await previewApplication(
            systems.authentik,
            { ...named, slug: desired.application.slug },
            gateway.applicationContext(),
            { signal, run: held.run },
          );
        }
        const passed = checks.filter(({ status }) => status === 'pass').length;
        const pending = checks.filter(({ status }) => status === 'fail').length;
        ctx.logger.info(
          `Gateway "${name}" (${url}) can be connected: ${counted(
            passed,
            'check',
          )} passed${
            pending > 0
              ? `, ${pending} left to authentik:application:ensure`
              : ''
          }`,
        );
        ctx.output('gateway', name);
        ctx.output('gatewayUrl', url);
        ctx.output('passed', passed);
      });
    },
  });
}

/** What the template is about to give the application, if it says so. */
function namedIn(input: NamedObjects): NamedObjects | undefined {
  const named = withoutEmpty(input);
  return Object.values(named).some(one => one !== undefined)
    ? named
    : undefined;
}
