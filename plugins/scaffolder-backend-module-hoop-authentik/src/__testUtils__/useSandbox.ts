import timers from 'node:timers/promises';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import type { TemplateAction } from '@backstage/plugin-scaffolder-node';
import {
  DefaultHoopAuthentikService,
  SECRET_PLACEHOLDER,
} from 'backstage-plugin-hoop-authentik-node/alpha';
import { startSandboxProcess, type SandboxProcess } from 'sandbox';
import {
  createAuthentikApplicationEnsureAction,
  createHoopGatewayConfigureAction,
  createHoopGatewayRestartAction,
  createHoopGatewayVerifyAction,
  type ActionOptions,
} from '../actions';
import { ENTITIES } from './entities';
import { gatewayConfig, type ConfigChanges } from './gatewayConfig';
import { placesWithSecrets } from './huntSecrets';
import { portalOf, rootConfigOf } from './portal';
import {
  runAction,
  type ActionRun,
  type AnyInput,
  type RunOptions,
} from './runAction';

/** Starting a sandbox takes a few seconds, a failed rollout as long as its patience. */
const TIMEOUT_MS = 90_000;

/** Makes an action. @internal */
export type CreateAction<Input extends AnyInput, Output extends AnyInput> = (
  options: ActionOptions,
) => TemplateAction<Input, Output>;

/** How the portal is set up for one run, and how the run goes. @internal */
export interface SandboxRunOptions extends RunOptions {
  config?: ConfigChanges;
  permission?: AuthorizeResult.ALLOW | AuthorizeResult.DENY;
  /** For runs that are expected to fail: how long to wait for a sign-in. */
  verifyTimeoutMs?: number;
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

/**
 * Makes pauses between attempts shorter for the tests of a file. Deadlines stay as they are.
 *
 * Modules call `setTimeout` as a member of this one object, so no test has to be loaded before them.
 */
function usePace(pace: number): void {
  const { setTimeout: sleep } = timers;
  beforeAll(() => {
    timers.setTimeout = (ms, ...rest) => sleep((ms ?? 0) * pace, ...rest);
  });
  afterAll(() => {
    timers.setTimeout = sleep;
  });
}

/**
 * One sandbox for all tests of a file, as new before each of them.
 *
 * @param options - `rolloutDelayMs`: longer for tests that change something while a rollout is under way; `pace`: what part of
 *   its time a pause between attempts lasts, 1 for tests of systems that need that time
 * @internal
 */
export function useSandbox({
  rolloutDelayMs = 50,
  pace = 0.1,
}: { rolloutDelayMs?: number; pace?: number } = {}): SandboxFixture {
  jest.setTimeout(TIMEOUT_MS);
  usePace(pace);
  let sandbox: SandboxProcess;

  beforeAll(async () => {
    sandbox = await startSandboxProcess({ rolloutDelayMs });
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
      verifyTimeoutMs,
      ...runOptions
    } = options;
    const gateways = DefaultHoopAuthentikService.create({
      config: rootConfigOf(gatewayConfig(sandbox, config)),
    });
    try {
      const result = await runAction(
        create({
          gateways,
          verifyTimeoutMs,
          ...portalOf({ entities: ENTITIES, permission }),
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
    !path.includes('/selfsubject') &&
    !path.includes('dryRun=All')
  );
}
