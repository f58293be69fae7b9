import { AuthentikServer, listenOn } from './server';
import type { FixtureRequest } from './testing/fixtures';
import { applyFixture } from './testing/fixtures';
import type { AuthentikSandboxOptions } from './types';

/**
 * Runs a stand-in in a process of its own: options as JSON in the first argument, the address and
 * tokens as one line of JSON on standard output. A parent with an IPC channel can put objects into
 * the store that the API has no simulated way to make.
 */
async function main(): Promise<void> {
  const options = JSON.parse(
    process.argv[2] ?? '{}',
  ) as AuthentikSandboxOptions;
  const server = new AuthentikServer(options);
  const sandbox = await listenOn(server, options.port ?? 0);
  const stop = () => {
    sandbox.close().then(() => process.exit(0));
  };
  process.on('SIGTERM', stop);
  process.on('disconnect', stop);
  process.on('message', (message: FixtureRequest & { id: number }) => {
    if (message.op === 'reset') server.reset();
    process.send?.({
      id: message.id,
      result: applyFixture(server.store, message),
    });
  });
  process.stdout.write(
    `${JSON.stringify({
      url: sandbox.url,
      token: sandbox.token,
      tokens: sandbox.tokens,
    })}\n`,
  );
}

main().catch(error => {
  process.stderr.write(`${String(error)}\n`);
  process.exit(1);
});
