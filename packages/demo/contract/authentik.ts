import { join } from 'node:path';
import { startSandboxProcess, type SandboxProcess } from 'sandbox';
import { connect } from './connect';
import type { ContractPart } from './runParts';
import { handOver, type ContractTarget } from './target';

/** The oldest and the newest server whose answers were recorded. */
const SANDBOX_VERSIONS = ['2026.8', '2025.10'];

/**
 * States what the plugins rely on from authentik: on the sandbox, or on the server that AUTHENTIK_URL and
 * AUTHENTIK_TOKEN name.
 */
export const authentikPart: ContractPart<ContractTarget> = {
  name: 'authentik',
  suite: join(__dirname, 'suite.ts'),
  chooseTargets,
  handOver,
};

async function chooseTargets(
  sandboxes: SandboxProcess[],
): Promise<ContractTarget[]> {
  const { AUTHENTIK_URL: url, AUTHENTIK_TOKEN: token } = process.env;
  if (url && token) {
    const version = await versionOf({ url, token });
    return [{ name: `authentik ${version} at ${url}`, url, token }];
  }
  if (url || token) {
    throw new Error(
      'Set both AUTHENTIK_URL and AUTHENTIK_TOKEN, or neither to run on the sandbox.',
    );
  }
  return Promise.all(
    SANDBOX_VERSIONS.map(async authentikVersion => {
      const sandbox = await startSandboxProcess({ authentikVersion });
      sandboxes.push(sandbox);
      const { url: sandboxUrl, tokens } = sandbox.authentik;
      const access = { url: sandboxUrl, token: tokens.leastPrivilege };
      return {
        ...access,
        name: `sandbox authentik ${await versionOf(access)}`,
        sandbox: {
          controlUrl: sandbox.control.url,
          noPermissionsToken: tokens.noPermissions,
        },
      };
    }),
  );
}

async function versionOf(access: {
  url: string;
  token: string;
}): Promise<string> {
  const { client, close } = connect(access);
  try {
    return await client.getVersion();
  } finally {
    await close();
  }
}
