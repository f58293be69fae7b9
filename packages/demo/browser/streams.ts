import type { Page } from 'playwright-core';

/** What an event stream has told the browser, piece by piece. */
interface Stream {
  place: string;
  pieces: Buffer[];
}

/** Tells what was received so far. */
export type RecordedStreams = () => Array<{ place: string; text: string }>;

/**
 * Listens to the event streams of a page while they run: the page leaves them before they end, and what was told until
 * then cannot be asked for afterwards.
 */
export async function recordStreams(page: Page): Promise<RecordedStreams> {
  const streams = new Map<string, Stream>();
  const devtools = await page.context().newCDPSession(page);

  devtools.on('Network.responseReceived', ({ requestId, response }) => {
    if (response.mimeType !== 'text/event-stream') {
      return;
    }
    const place = `stream of ${new URL(response.url).pathname}`;
    const stream: Stream = { place, pieces: [] };
    streams.set(requestId, stream);
    devtools.send('Network.streamResourceContent', { requestId }).then(
      ({ bufferedData }) =>
        stream.pieces.unshift(Buffer.from(bufferedData, 'base64')),
      // It has ended already; then it can be read like every other answer.
      () => {},
    );
  });
  devtools.on('Network.dataReceived', ({ requestId, data }) => {
    if (data) {
      streams.get(requestId)?.pieces.push(Buffer.from(data, 'base64'));
    }
  });
  await devtools.send('Network.enable');

  return () =>
    [...streams.values()].map(({ place, pieces }) => ({
      place,
      text: Buffer.concat(pieces).toString(),
    }));
}
