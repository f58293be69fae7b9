import recorded202510 from '../__fixtures__/2025.10.json';
import recorded20268 from '../__fixtures__/2026.8.json';
import type { CannedAnswer } from '../../../http/__testUtils__/startServer';

/**
 * Responses of real servers, trimmed to the relevant fields.
 *
 * @internal
 */
export const RECORDED = { '2025.10': recorded202510, '2026.8': recorded20268 };

/** @internal */
export type RecordedVersion = keyof typeof RECORDED;

/** @internal */
export const RECORDED_VERSIONS = Object.keys(RECORDED) as RecordedVersion[];

/**
 * The names of responses recorded from every version.
 *
 * @internal
 */
export type RecordedName = keyof typeof recorded20268 &
  keyof typeof recorded202510;

/** @internal */
export function recorded(
  version: RecordedVersion,
  name: RecordedName,
): CannedAnswer {
  return RECORDED[version][name];
}

/**
 * The body of a recorded response, to be changed for a test.
 *
 * @internal
 */
export function recordedBody<Body = Record<string, unknown>>(
  version: RecordedVersion,
  name: RecordedName,
): Body {
  return structuredClone(RECORDED[version][name].body) as Body;
}
