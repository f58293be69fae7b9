import type { RecordedRequest, SandboxSystem } from 'sandbox';

/** The requests that a system answered while something ran; the sandbox keeps count. */
export async function requestsDuring(
  controlUrl: string,
  run: () => Promise<unknown>,
  system: SandboxSystem = 'authentik',
): Promise<RecordedRequest[]> {
  const since = async (seq: number) => {
    const response = await fetch(`${controlUrl}/requests?since=${seq}`);
    return (await response.json()) as {
      seq: number;
      requests: RecordedRequest[];
    };
  };
  // The last number alone is asked for: requests before it do not matter.
  const { seq } = await since(Number.MAX_SAFE_INTEGER);
  await run();
  const { requests } = await since(seq);
  return requests.filter(request => request.system === system);
}

export function writesOf(requests: RecordedRequest[]): string[] {
  return requests
    .filter(({ method }) => method !== 'GET')
    .map(({ method, path }) => `${method} ${path}`);
}
