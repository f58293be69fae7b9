import { answerOf } from './__testUtils__/answerOf';
import { retryDelayMs, shouldRetry } from './retry';

const answer = (status: number, retryAfter?: string, type?: string) =>
  answerOf({
    status,
    headers: {
      ...(retryAfter && { 'retry-after': retryAfter }),
      ...(type && { 'content-type': type }),
    },
  });

describe('shouldRetry', () => {
  it.each([429, 502, 503, 504])('should retry after %i', status => {
    expect(shouldRetry('GET', answer(status))).toBe(true);
  });

  it.each([200, 302, 400, 401, 403, 404, 405, 409, 500, 501])(
    'should not retry after %i',
    status => {
      expect(shouldRetry('GET', answer(status))).toBe(false);
    },
  );

  it.each([
    ['ECONNRESET', true],
    ['UND_ERR_SOCKET', true],
    ['EAI_AGAIN', true],
    ['ECONNREFUSED', false],
    ['ENOTFOUND', false],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', false],
  ])('should decide whether %s is temporary', (code, temporary) => {
    const error = Object.assign(new Error('broken'), { code });
    expect(shouldRetry('GET', { error })).toBe(temporary);
  });

  it.each(['POST', 'PUT', 'PATCH', 'DELETE'] as const)(
    'should repeat a %s that a busy API server did not carry out, and no other',
    method => {
      const plain = 'text/plain; charset=utf-8';
      expect(shouldRetry(method, answer(429, '1', plain))).toBe(true);
      expect(shouldRetry(method, answer(429, undefined, plain))).toBe(false);
      expect(shouldRetry(method, answer(429, '1', 'application/json'))).toBe(
        false,
      );
      expect(shouldRetry(method, answer(503, '1', plain))).toBe(false);
      const error = Object.assign(new Error('x'), { code: 'ECONNRESET' });
      expect(shouldRetry(method, { error })).toBe(false);
    },
  );

  it('should not retry what is not a network error', () => {
    expect(shouldRetry('GET', { error: new Error('no answer in time') })).toBe(
      false,
    );
    expect(shouldRetry('GET', { error: undefined })).toBe(false);
  });
});

describe('retryDelayMs', () => {
  const now = Date.parse('2026-11-23T12:00:00Z');
  const delay = (retryAfter: string) =>
    retryDelayMs(answer(503, retryAfter), 1, () => 0.5, now);

  it('should wait as long as the server asks, in seconds or until a date', () => {
    expect(delay('2')).toBe(2000);
    expect(delay('0')).toBe(0);
    expect(delay('Mon, 23 Nov 2026 12:00:03 GMT')).toBe(3000);
    expect(delay('Mon, 23 Nov 2026 11:00:00 GMT')).toBe(0);
  });

  it('should not retry earlier than the server asks', () => {
    expect(delay('6')).toBeUndefined();
    expect(delay('Mon, 23 Nov 2026 13:00:00 GMT')).toBeUndefined();
  });

  it('should back off exponentially where the server asks for nothing', () => {
    const after = (attempt: number) =>
      retryDelayMs(answer(503), attempt, () => 1, now);
    expect([1, 2, 3, 9].map(after)).toEqual([400, 800, 1600, 5000]);
    expect(retryDelayMs({ error: new Error() }, 1, () => 0.5)).toBe(200);
    expect(delay('soon')).toBe(200);
  });
});
