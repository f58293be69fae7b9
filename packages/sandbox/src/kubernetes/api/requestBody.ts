import { IncomingMessage } from 'node:http';
import { parse as parseYaml } from 'yaml';
import { readBytes } from '../../http/body';
import { NOT_SIMULATED } from '../notSimulated';
import { PatchFormat } from '../patch/patchObject';
import { parseProtobuf } from './protobuf';
import {
  badRequest,
  notSimulatedHere,
  StatusError,
  unsupportedMediaType,
} from '../status';

const protobuf = 'application/vnd.kubernetes.protobuf';

const objectMediaTypes = [
  'application/json',
  'application/yaml',
  protobuf,
  'application/cbor',
];

/** In the order in which the API server names them in a 415. */
const patchMediaTypes = [
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/strategic-merge-patch+json',
  'application/apply-patch+yaml',
  'application/apply-patch+cbor',
];

const patchFormats: Record<string, PatchFormat> = {
  'application/merge-patch+json': 'merge',
  'application/strategic-merge-patch+json': 'strategic',
};

function mediaTypeOf(req: IncomingMessage): string {
  return (req.headers['content-type'] ?? '').split(';')[0].trim().toLowerCase();
}

function requireSimulated(mediaType: string): void {
  const gap = NOT_SIMULATED.find(one => one.mediaType === mediaType);
  if (gap) {
    throw notSimulatedHere(`${gap.what} (${gap.mediaType})`);
  }
}

/** A body of more than 3 MiB is not read to its end. */
const maximumBytes = 3 * 1024 * 1024;

async function readLimited(req: IncomingMessage): Promise<Buffer> {
  const bytes = await readBytes(req);
  if (bytes.length > maximumBytes) {
    throw new StatusError(
      413,
      'RequestEntityTooLarge',
      `Request entity too large: limit is ${maximumBytes}`,
    );
  }
  return bytes;
}

async function readText(req: IncomingMessage): Promise<string> {
  return (await readLimited(req)).toString('utf8');
}

function parse(
  text: string,
  isYaml: boolean,
  failure = 'the object provided is unrecognized',
): unknown {
  try {
    return isYaml ? parseYaml(text) : JSON.parse(text);
  } catch (error) {
    throw badRequest(
      `${failure}: ${error instanceof Error ? error.message : 'unreadable'}`,
    );
  }
}

/** The body of a POST or PUT. @internal */
export async function readObject(
  req: IncomingMessage,
  expected?: { kind: string },
): Promise<{ body: unknown }> {
  const type = mediaTypeOf(req) || 'application/json';
  if (type === protobuf) {
    return { body: parseProtobuf(await readLimited(req)) };
  }
  requireSimulated(type);
  if (!objectMediaTypes.includes(type)) {
    throw unsupportedMediaType(type, objectMediaTypes);
  }
  return {
    body: parse(
      await readText(req),
      type === 'application/yaml',
      expected &&
        `the object provided is unrecognized (must be of type ${expected.kind}): couldn't get version/kind; json parse error`,
    ),
  };
}

/** The body of a DELETE may be absent. @internal */
export async function readDeleteBody(req: IncomingMessage): Promise<unknown> {
  const text = await readText(req);
  return text.trim() ? parse(text, mediaTypeOf(req).includes('yaml')) : {};
}

/** @internal */
export async function readPatch(
  req: IncomingMessage,
): Promise<{ format: PatchFormat; body: unknown }> {
  const type = mediaTypeOf(req);
  requireSimulated(type);
  const format = Object.hasOwn(patchFormats, type)
    ? patchFormats[type]
    : undefined;
  if (!format) {
    throw unsupportedMediaType(type, patchMediaTypes);
  }
  return {
    format,
    body: parse(await readText(req), false, 'error decoding patch'),
  };
}
