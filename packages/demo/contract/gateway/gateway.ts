import { join } from 'node:path';
import { configureGateway } from 'backstage-plugin-hoop-authentik-node';
import { startSandboxProcess, type SandboxProcess } from 'sandbox';
import { startOver } from '../../bench/gateway/portal';
import type { ContractPart } from '../runParts';
import { handOver, type GatewayTarget } from './target';

/**
 * States what the plugins rely on from a gateway: on those of two sandboxes, one of which signs in locally and one
 * through authentik, or on the one that HOOP_URL names; HOOP_API_KEY adds what only an administrator sees. Nothing is
 * changed there, but the request for the login URL leaves an unused login state behind.
 */
export const gatewayPart: ContractPart<GatewayTarget> = {
  name: 'gateway',
  suite: join(__dirname, 'suite.ts'),
  chooseTargets,
  handOver,
};

async function chooseTargets(
  sandboxes: SandboxProcess[],
): Promise<GatewayTarget[]> {
  const { HOOP_URL: url, HOOP_API_KEY: apiKey } = process.env;
  if (url) {
    return [
      {
        name: `the gateway at ${url}, ${
          apiKey ? 'with' : 'without'
        } an API key`,
        url: url.replace(/\/+$/, ''),
        apiKey,
      },
    ];
  }
  if (apiKey) {
    throw new Error(
      'Set HOOP_URL as well as HOOP_API_KEY, or neither to run on the sandbox.',
    );
  }
  const [local, joined] = await Promise.all(
    [false, true].map(async joins => {
      const sandbox = await startSandboxProcess({ rolloutDelayMs: 100 });
      sandboxes.push(sandbox);
      if (joins) {
        await connect(sandbox);
      }
      return sandbox;
    }),
  );
  return [
    targetOf('sandbox gateway that signs in locally', local),
    targetOf('sandbox gateway that signs in with authentik', joined),
  ];
}

function targetOf(name: string, { gateway }: SandboxProcess): GatewayTarget {
  return { name, url: gateway.url, apiKey: gateway.apiKey };
}

async function connect(sandbox: SandboxProcess): Promise<void> {
  const { gateway, desired, close } = await startOver(sandbox, {});
  try {
    await configureGateway(gateway.systems, desired, { log: () => {} });
  } finally {
    await close();
  }
}
