import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from './backendProcess';
import { doctorEnvironment } from './doctorEnvironment';

/** The default control port of `npm run sandbox` and `npm start`. */
const CONTROL_URL = 'http://127.0.0.1:9099';

/** Could not check anything; see the doctor's exit codes. */
const NOT_CHECKED = 2;

async function main(): Promise<number> {
  const args = process.argv.slice(2);
  const { env, notice, advice } = await doctorEnvironment(
    args,
    process.env,
    CONTROL_URL,
  );
  if (notice) {
    process.stderr.write(`${notice}\n\n`);
  }
  const { status } = spawnSync(
    process.execPath,
    [
      join(ROOT, 'plugins/hoop-authentik-backend/bin/hoop-authentik-doctor'),
      ...args,
    ],
    { cwd: ROOT, env, stdio: 'inherit' },
  );
  const code = status ?? NOT_CHECKED;
  if (advice && code === NOT_CHECKED) {
    process.stderr.write(`${advice}\n`);
  }
  return code;
}

main().then(
  code => {
    process.exitCode = code;
  },
  error => {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
    process.exitCode = NOT_CHECKED;
  },
);
