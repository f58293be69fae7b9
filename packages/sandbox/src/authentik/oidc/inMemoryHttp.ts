import http from 'node:http';
import type { RequestListener } from 'node:http';
import { Duplex } from 'node:stream';

/** One end of a pipe that exists only in this process. */
class Pipe extends Duplex {
  peer: Pipe | undefined;
  #resume: (() => void) | undefined;

  _read(): void {
    const resume = this.#resume;
    this.#resume = undefined;
    resume?.();
  }

  _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.peer?.receive(chunk, done);
  }

  _final(done: () => void): void {
    this.peer?.receive(null, done);
  }

  receive(chunk: Buffer | null, done: () => void): void {
    if (chunk !== null && chunk.length === 0) {
      done();
      return;
    }
    const wantsMore = this.push(chunk);
    if (wantsMore || chunk === null) done();
    else this.#resume = done;
  }
}

/**
 * Sends a form to a request listener over real HTTP, but without a port.
 *
 * @internal
 */
export function postForm(
  listener: RequestListener,
  path: string,
  form: URLSearchParams,
): Promise<{ status: number; body: string }> {
  const client = new Pipe();
  const server = new Pipe();
  client.peer = server;
  server.peer = client;
  const httpServer = http.createServer(listener);
  httpServer.emit('connection', server);
  return new Promise((resolve, reject) => {
    const request = http.request(
      {
        method: 'POST',
        path,
        createConnection: () => client,
        headers: {
          Host: 'sandbox.invalid',
          Connection: 'close',
          'Content-Type': 'application/x-www-form-urlencoded',
        },
      },
      response => {
        const chunks: Buffer[] = [];
        response.on('data', chunk => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          client.destroy();
          server.destroy();
          resolve({
            status: response.statusCode ?? 500,
            body: Buffer.concat(chunks).toString('utf8'),
          });
        });
      },
    );
    request.on('error', reject);
    request.end(form.toString());
  });
}
