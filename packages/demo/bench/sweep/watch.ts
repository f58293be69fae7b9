import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const READS = 1_000;
const READS_PER_SECOND = 200;
const RESOLUTION_MS = 5;

/** How late timers of this process are while something runs: 99 of 100 at most so many milliseconds. */
export async function lagDuring(run: () => Promise<void>): Promise<number> {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delay.enable();
  await run();
  delay.disable();
  return Math.max(0, delay.percentile(99) / 1e6 - RESOLUTION_MS);
}

/** Reads cards as pages do, one every few milliseconds, whether or not earlier ones have been answered. */
export async function readByEntity(
  url: string,
  names: number,
): Promise<{ p99: number; others: number }> {
  const times: number[] = [];
  let others = 0;
  const read = async (index: number) => {
    const began = performance.now();
    const response = await fetch(`${url}/${(index * 7_919) % names}`);
    await response.arrayBuffer();
    times.push(performance.now() - began);
    others += response.ok ? 0 : 1;
  };
  const running: Promise<void>[] = [];
  const began = performance.now();
  for (let index = 0; index < READS; index++) {
    running.push(read(index));
    const due = began + ((index + 1) * 1_000) / READS_PER_SECOND;
    await sleep(Math.max(0, due - performance.now()));
  }
  await Promise.all(running);
  times.sort((a, b) => a - b);
  return { p99: times[Math.floor((times.length - 1) * 0.99)], others };
}

/** What this process holds once everything that nobody uses is gone. */
export async function residentMegabytes(): Promise<number> {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  for (let round = 0; round < 3; round++) {
    collect();
    await sleep(50);
  }
  return process.memoryUsage.rss() / 2 ** 20;
}
