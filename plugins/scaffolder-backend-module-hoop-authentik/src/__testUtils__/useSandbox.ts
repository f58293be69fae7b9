import { mockServices } from '@backstage/backend-test-utils';
import type { Entity } from '@backstage/catalog-model';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import type { TemplateAction } from '@backstage/plugin-scaffolder-node';
import {
  DefaultHoopAuthentikService,
  SECRET_PLACEHOLDER,
} from 'backstage-plugin-hoop-authentik-node';
import { startSandboxProcess, type SandboxProcess } from 'sandbox';
import {
  createAuthentikApplicationEnsureAction,
  createHoopGatewayConfigureAction,
  createHoopGatewayRestartAction,
  createHoopGatewayVerifyAction,
  type ActionOptions,
} from '../actions';
import { gatewayConfig, type ConfigChanges } from './gatewayConfig';
import { placesWithSecrets } from './huntSecrets';
import {
  runAction,
  type ActionRun,
  type AnyInput,
  type RunOptions,
} from './runAction';

/** Starting a sandbox takes a few seconds, a failed rollout as long as its patience. */
const TIMEOUT_MS = 90_000;

/** Attached to the gateway "main". @internal */
export const ENTITY_REF = 'resource:default/hoop';

/** Attached to the gateway "main" and to an application other than the configured one. @internal */
export const ENTITY_WITH_APPLICATION_REF = 'resource:default/team-hoop';

/** Attached to nothing. @internal */
export const UNATTACHED_ENTITY_REF = 'component:default/website';

function entity(
  kind: string,
  name: string,
  annotations?: Record<string, string>,
): Entity {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind,
    metadata: { name, namespace: 'default', annotations },
  };
}

const ENTITIES = [
  entity('Resource', 'hoop', { 'hoop.dev/gateway': 'main' }),
  entity('Resource', 'team-hoop', {
    'hoop.dev/gateway': 'main',
    'goauthentik.io/application': 'team-hoop',
  }),
  entity('Component', 'website'),
];

/** Makes an action. @internal */
export type CreateAction<Input extends AnyInput, Output extends AnyInput> = (
  options: ActionOptions,
) => TemplateAction<Input, Output>;

/** How the portal is set up for one run, and how the run goes. @internal */
export interface SandboxRunOptions extends RunOptions {
  config?: ConfigChanges;
  permission?: AuthorizeResult.ALLOW | AuthorizeResult.DENY;
  /** Beside those of the sandbox. */
  secrets?: string[];
}

/** The sandbox of a test file, and the actions run against it. @internal */
export interface SandboxFixture {
  readonly sandbox: SandboxProcess;
  /**
   * Runs an action in a portal of its own, and fails the test when a secret is found in anything it let out, whether
   * the run succeeded or not.
   */
  run<Input extends AnyInput, Output extends AnyInput>(
    create: CreateAction<Input, Output>,
    input: Input,
    options?: SandboxRunOptions,
  ): Promise<ActionRun>;
  /** Like `run`, for runs that have to fail. */
  fail<Input extends AnyInput, Output extends AnyInput>(
    create: CreateAction<Input, Output>,
    input: Input,
    options?: SandboxRunOptions,
  ): Promise<Error>;
  /** Like `run`, for runs that have to succeed. */
  succeed<Input extends AnyInput, Output extends AnyInput>(
    create: CreateAction<Input, Output>,
    input: Input,
    options?: SandboxRunOptions,
  ): Promise<ActionRun>;
  /** The whole job, in the steps of the software template, up to a gateway that is proven to sign people in. */
  connect(): Promise<void>;
  /** Starts to count writes; the function returned lists those made since. */
  watchWrites(): Promise<() => Promise<string[]>>;
  /** How the gateway signs people in at present; throws when it does not serve. */
  authMethod(): Promise<string>;
}

/** One sandbox for all tests of a file, as new before each of them. @internal */
export function useSandbox(): SandboxFixture {
  jest.setTimeout(TIMEOUT_MS);
  let sandbox: SandboxProcess;

  beforeAll(async () => {
    sandbox = await startSandboxProcess({ rolloutDelayMs: 200 });
  }, TIMEOUT_MS);

  afterAll(async () => {
    await sandbox?.stop();
  });

  let fresh = true;
  beforeEach(async () => {
    if (!fresh) {
      await sandbox.control.reset();
    }
    fresh = false;
  });

  const run: SandboxFixture['run'] = async (create, input, options = {}) => {
    const {
      config,
      permission = AuthorizeResult.ALLOW,
      secrets = [],
      ...runOptions
    } = options;
    const gateways = DefaultHoopAuthentikService.create({
      config: mockServices.rootConfig({ data: gatewayConfig(sandbox, config) }),
    });
    try {
      const result = await runAction(
        create({
          gateways,
          catalog: catalogServiceMock({ entities: ENTITIES }),
          permissions: mockServices.permissions({ result: permission }),
        }),
        input,
        runOptions,
      );
      const known = [...(await sandbox.control.secrets()), ...secrets].filter(
        // The chart puts it into a Secret, but it stands in files for everybody to read.
        secret => secret !== SECRET_PLACEHOLDER,
      );
      expect(known.length).toBeGreaterThan(3);
      expect(placesWithSecrets(known, { ...result })).toEqual([]);
      return result;
    } finally {
      await gateways.close();
    }
  };

  const succeed: SandboxFixture['succeed'] = async (...args) => {
    const result = await run(...args);
    if (result.error) {
      throw result.error;
    }
    return result;
  };

  return {
    get sandbox() {
      return sandbox;
    },
    run,
    succeed,
    async fail(...args) {
      const { error } = await run(...args);
      if (!error) {
        throw new Error('The action succeeded; it was expected to fail');
      }
      return error;
    },
    async connect() {
      await succeed(createAuthentikApplicationEnsureAction, {
        gateway: 'main',
        name: 'Hoop.dev',
      });
      await succeed(createHoopGatewayConfigureAction, { gateway: 'main' });
      await succeed(createHoopGatewayRestartAction, { gateway: 'main' });
      await succeed(createHoopGatewayVerifyAction, { gateway: 'main' });
    },
    async watchWrites() {
      const { seq } = await sandbox.control.requests();
      return async () =>
        (await sandbox.control.requests(seq)).requests
          .filter(isWrite)
          .map(({ system, method, path }) => `${system} ${method} ${path}`);
    },
    async authMethod() {
      const response = await fetch(
        `${sandbox.gateway.url}/api/publicserverinfo`,
      );
      const { auth_method: method } = await response.json();
      return method;
    },
  };
}

/**
 * OpenID requests are none: the probe of a client secret is a POST, but changes nothing. Nor are requests to create
 * something that authentik refuses, which is how missing permissions are found.
 */
function isWrite({
  system,
  method,
  path,
  status,
}: {
  system: string;
  method: string;
  path: string;
  status: number;
}): boolean {
  const refused = method === 'POST' && [400, 403].includes(status);
  return (
    !['GET', 'HEAD', 'OPTIONS'].includes(method) &&
    !(system === 'authentik' && refused) &&
    !(system === 'gateway' && !path.startsWith('/api/serverconfig/')) &&
    !path.startsWith('/application/o/') &&
    !path.includes('selfsubjectaccessreviews')
  );
}
