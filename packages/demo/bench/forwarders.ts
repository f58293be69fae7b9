import { spawn } from 'node:child_process';
import { connect, createServer, type AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';

/** Addresses that lead to one system, each a host of its own to a client. */
export interface Forwarders {
  ports: number[];
  stop(): void;
}

/**
 * Opens addresses on loopback that pass bytes on to a port, in a process of its own: its memory and time are not those of
 * what is measured.
 */
export async function startForwarders(
  count: number,
  port: number,
): Promise<Forwarders> {
  const child = spawn(
    process.execPath,
    [
      '--require',
      require.resolve('@backstage/cli/config/nodeTransform.cjs'),
      __filename,
      `${count}`,
      `${port}`,
    ],
    {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, NODE_OPTIONS: '' },
    },
  );
  for await (const line of createInterface({ input: child.stdout })) {
    return { ports: JSON.parse(line), stop: () => child.stdin.end() };
  }
  throw new Error('The forwarders did not start');
}

async function forward(count: number, target: number): Promise<void> {
  const ports: number[] = [];
  for (let index = 0; index < count; index++) {
    const server = createServer(incoming => {
      const outgoing = connect(target, '127.0.0.1');
      for (const [one, other] of [
        [incoming, outgoing],
        [outgoing, incoming],
      ]) {
        one.setNoDelay(true);
        one.pipe(other);
        one.on('error', () => other.destroy());
        one.on('close', () => other.destroy());
      }
    });
    await new Promise<void>(resolve => {
      server.listen(0, '127.0.0.1', resolve);
    });
    ports.push((server.address() as AddressInfo).port);
  }
  process.stdout.write(`${JSON.stringify(ports)}\n`);
  // Ends with the process that started it, whatever becomes of that.
  process.stdin.resume();
  process.stdin.on('end', () => process.exit(0));
}

if (require.main === module) {
  const [count, port] = process.argv.slice(2).map(Number);
  forward(count, port).catch(error => {
    process.stderr.write(`${error}\n`);
    process.exit(1);
  });
}
