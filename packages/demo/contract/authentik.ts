import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { run } from 'node:test';
import { spec as SpecReporter } from 'node:test/reporters';
import { startSandboxProcess, type SandboxProcess } from 'sandbox';
import { connect } from './connect';
import { handOver, type ContractTarget } from './target';

/** The oldest and the newest server whose answers were recorded. */
const SANDBOX_VERSIONS = ['2026.8', '2025.10'];

/**
 * States what the plugins rely on from authentik: on the sandbox, or on the server that AUTHENTIK_URL and
 * AUTHENTIK_TOKEN name.
 */
async function main(): Promise<void> {
  const sandboxes: SandboxProcess[] = [];
  try {
    const targets = await chooseTargets(sandboxes);
    const ranOn = `Contract suite on: ${targets
      .map(({ name }) => name)
      .join(', ')}\n`;
    process.stdout.write(ranOn);
    let failures = 0;
    for (const target of targets) {
      process.stdout.write(`\n${target.name}\n`);
      failures += await runSuite(target);
    }
    if (failures > 0) {
      process.exitCode = 1;
    }
    process.stdout.write(`\n${ranOn}`);
  } finally {
    await Promise.all(sandboxes.map(sandbox => sandbox.stop()));
  }
}

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

/** Runs the suite in a process of its own and tells how much of it failed. */
async function runSuite(target: ContractTarget): Promise<number> {
  handOver(target);
  let failures = 0;
  let passes = 0;
  const report = run({
    files: [join(__dirname, 'suite.ts')],
    timeout: 300_000,
  })
    .on('test:fail', () => {
      failures++;
    })
    .on('test:pass', () => {
      passes++;
    })
    .compose(new SpecReporter());
  report.pipe(process.stdout, { end: false });
  await finished(report);
  // A suite that ran nothing has shown nothing.
  return passes === 0 ? failures + 1 : failures;
}

main().catch(error => {
  process.stderr.write(
    `The contract suite did not run: ${
      error instanceof Error ? error.message : error
    }\n`,
  );
  process.exitCode = 1;
});
