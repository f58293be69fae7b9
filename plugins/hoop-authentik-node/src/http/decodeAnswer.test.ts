import { z } from 'zod';
import { answerOf } from './__testUtils__/answerOf';
import { decodeAnswer, decodeValue } from './decodeAnswer';

const SECRET = 'the-client-secret-of-it';
const schema = z.object({
  spec: z.object({ selector: z.string() }),
  data: z.record(z.string(), z.string()).optional(),
});

const failure = (answer: Parameters<typeof answerOf>[0]) => {
  try {
    decodeAnswer('the system: GET /x', answerOf(answer), schema);
  } catch (error) {
    return error as Error;
  }
  throw new Error('expected an error');
};

describe('decodeAnswer', () => {
  it('should read what matches', () => {
    const body = { spec: { selector: 'a' }, more: 1 };
    expect(
      decodeAnswer('asked', answerOf({ status: 200, body }), schema),
    ).toEqual({ spec: { selector: 'a' } });
  });

  it('should name the fields that do not match, and the answer', () => {
    const error = failure({
      status: 200,
      body: { data: { [`${SECRET} x`]: 1, key: SECRET } },
    });
    expect(error.name).toBe('ServiceUnavailableError');
    expect(error.message).toMatch(
      /^the system: GET \/x \(HTTP 200\): unexpected response format: spec \(.*\), data\.… \(.*\)$/,
    );
    expect(error.message).not.toContain(SECRET);
    expect(error.message).not.toMatch(/undefined \(reading|is not/);
    expect(() => decodeValue('an event', 5, schema)).toThrow(
      /^an event: unexpected response format: the body/,
    );
  });

  it.each([
    [
      { 'content-type': 'text/html; charset=utf-8' },
      `<form>${SECRET}</form>`,
      /: expected JSON, found 200 with text\/html; another service answers/,
    ],
    [
      { 'content-type': `${SECRET} “x”` },
      '{}',
      /: expected JSON, found 200 with no content type;/,
    ],
    [
      { 'content-type': 'application/json' },
      `{"x": "${SECRET}`,
      /: answered 200 with JSON of 30 characters that is malformed or nests too deep$/,
    ],
  ])('should quote nothing of an answer with %j', (headers, body, message) => {
    const error = failure({ status: 200, headers, body });
    expect(error.message).toMatch(message);
    expect(error.message).not.toContain(SECRET);
  });
});
