import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { ROOT } from './backendProcess';

const CLIENT_SECRET = 'client-secret-that-no-output-may-show';
const API_KEY = 'api-key-that-no-output-may-show';

/** A gateway about which nothing is right; where a real one answers with its secret, so does this. */
const wrong = createServer((req, res) => {
  res.setHeader('content-type', 'application/json');
  const config = {
    auth_method: 'oidc',
    message: `failed parsing https://hoop:${CLIENT_SECRET}@company`,
    oidc_config: { issuer_url: 'none', client_secret: CLIENT_SECRET },
  };
  const isConfig = req.url === '/api/serverconfig/auth';
  res.end(JSON.stringify(isConfig ? config : { auth_method: 'oidc' }));
});

/** The suite in a process of its own, as an operator runs it on a gateway. */
function runSuite(url: string): Promise<{ code: unknown; output: string }> {
  return new Promise(resolve => {
    execFile(
      process.execPath,
      [
        '--require',
        require.resolve('@backstage/cli/config/nodeTransform.cjs'),
        join(ROOT, 'packages/demo/contract/main.ts'),
        'gateway',
      ],
      {
        cwd: ROOT,
        env: {
          ...process.env,
          HOOP_URL: url,
          HOOP_API_KEY: API_KEY,
          NODE_OPTIONS: '',
        },
      },
      (error, stdout, stderr) =>
        resolve({ code: error?.code, output: stdout + stderr }),
    );
  });
}

describe('the contract suite on a gateway', () => {
  let url: string;

  beforeAll(async () => {
    await new Promise<void>(resolve => {
      wrong.listen(0, '127.0.0.1', resolve);
    });
    url = `http://127.0.0.1:${(wrong.address() as AddressInfo).port}`;
  });

  afterAll(() => {
    wrong.close();
  });

  it('should not show what serverconfig/auth answers where its statements fail', async () => {
    const { code, output } = await runSuite(url);
    expect(code).toBe(1);
    expect(output).toContain('serverconfig/auth tells');
    expect(output).not.toContain(CLIENT_SECRET);
    expect(output).not.toContain(API_KEY);
  }, 120_000);
});
