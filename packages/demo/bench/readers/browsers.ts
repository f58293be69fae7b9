import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

/** Between two refreshes of a card. */
const PAUSE_MS = 1_000;

/** How requests of cards were answered. */
export interface Answers {
  shown: number;
  /** With the time to wait. */
  sentAway: number;
  others: number;
}

/** Opens a card for each name, and refreshes it again and again; in a process of its own, as browsers are. */
export function openCards(
  url: string,
  count: number,
): { close(): Promise<Answers> } {
  const child = spawn(
    process.execPath,
    [
      '--require',
      require.resolve('@backstage/cli/config/nodeTransform.cjs'),
      __filename,
      url,
      `${count}`,
    ],
    {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, NODE_OPTIONS: '' },
    },
  );
  return {
    async close() {
      child.stdin.end();
      for await (const line of createInterface({ input: child.stdout })) {
        return JSON.parse(line);
      }
      throw new Error('The browsers ended without a result');
    },
  };
}

async function refreshAll(url: string, count: number): Promise<void> {
  const answers: Answers = { shown: 0, sentAway: 0, others: 0 };
  const refresh = async (name: string) => {
    await fetch(`${url}/${name}/refresh`, { method: 'POST' });
    const response = await fetch(`${url}/${name}`);
    await response.arrayBuffer();
    const wait = Number(response.headers.get('retry-after'));
    if (response.status === 503 && wait > 0) {
      answers.sentAway++;
      return wait * 1_000;
    }
    answers[response.ok ? 'shown' : 'others']++;
    return PAUSE_MS;
  };
  process.stdin.resume();
  process.stdin.on('end', () => {
    process.stdout.write(`${JSON.stringify(answers)}\n`, () => process.exit(0));
  });
  await Promise.all(
    Array.from({ length: count }, async (_, index) => {
      // People do not look at the same moment.
      await sleep((index * PAUSE_MS) / count);
      for (;;) {
        await sleep(await refresh(`${index}`));
      }
    }),
  );
}

if (require.main === module) {
  const [url, count] = process.argv.slice(2);
  refreshAll(url, Number(count)).catch(error => {
    process.stderr.write(`${error}\n`);
    process.exit(1);
  });
}
