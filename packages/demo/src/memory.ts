import { execFileSync } from 'node:child_process';

/** Resident memory of a process in megabytes, as the operating system tells it. @internal */
export function residentMegabytes(pid: number): number {
  const kilobytes = Number(
    execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], {
      encoding: 'utf8',
    }),
  );
  return Math.round(kilobytes / 1024);
}
