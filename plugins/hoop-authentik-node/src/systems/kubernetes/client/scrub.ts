import { conceal, oneLine } from '../../../core';

/** Members whose strings may be secret: of ConfigMaps and Secrets, of environment variables, of JSON patch operations. */
const VALUE_MEMBERS = ['data', 'stringData', 'value'];

/**
 * Makes a server's message fit to be shown. API servers quote what they refuse (`Invalid value: "…"`), some decoders
 * even quote the surrounding bytes of the request, so values that we sent, and anything that follows a quotation of the
 * request, are taken out.
 *
 * @param sent - the body of the request, if it had one
 * @internal
 */
export function scrubMessage(message: string, sent?: unknown): string {
  const text = message.replace(/error found in #\d+ byte of [\s\S]*$/, '');
  return oneLine(conceal(text, valuesIn(sent), '<value>')).slice(0, 500);
}

/**
 * Takes every quoted text out of a message: for refusals of an object's contents, where what is quoted is what it held.
 *
 * @internal
 */
export function withoutQuotations(message: string): string {
  return message
    .replace(/"(?:[^"\\]|\\.)*"?/g, '"…"')
    .replace(/`[^`]*`?/g, '"…"');
}

function valuesIn(body: unknown, within = false): string[] {
  if (typeof body === 'string') {
    // A value of a Secret travels as base64; a message may quote either form.
    return within ? [body, Buffer.from(body, 'base64').toString('utf8')] : [];
  }
  if (body === null || typeof body !== 'object') {
    return [];
  }
  return Object.entries(body).flatMap(([key, value]) =>
    valuesIn(value, within || VALUE_MEMBERS.includes(key)),
  );
}
