import { IncomingMessage } from 'node:http';
import { parse as parseYaml } from 'yaml';
import { readBody } from '../../http/body';
import { PatchFormat, patchMediaTypes } from '../patch/patchObject';
import { badRequest, unsupportedMediaType } from '../status';

const objectMediaTypes = ['application/json', 'application/yaml'];

function mediaTypeOf(req: IncomingMessage): string {
  return (req.headers['content-type'] ?? '').split(';')[0].trim().toLowerCase();
}

function parse(text: string, isYaml: boolean): unknown {
  try {
    return isYaml ? parseYaml(text) : JSON.parse(text);
  } catch (error) {
    throw badRequest(
      `the object provided is unrecognized: ${
        error instanceof Error ? error.message : 'unreadable'
      }`,
    );
  }
}

/** The body of a POST or PUT; protobuf, which kubectl sends for a few commands, is refused. @internal */
export async function readObject(req: IncomingMessage): Promise<unknown> {
  const type = mediaTypeOf(req) || 'application/json';
  if (!objectMediaTypes.includes(type)) {
    throw unsupportedMediaType(type, objectMediaTypes);
  }
  return parse(await readBody(req), type === 'application/yaml');
}

/** The body of a DELETE may be absent. @internal */
export async function readDeleteBody(req: IncomingMessage): Promise<unknown> {
  const text = await readBody(req);
  return text.trim() ? parse(text, mediaTypeOf(req).includes('yaml')) : {};
}

/** @internal */
export async function readPatch(
  req: IncomingMessage,
): Promise<{ format: PatchFormat | 'apply'; body: unknown }> {
  const type = mediaTypeOf(req);
  if (!Object.hasOwn(patchMediaTypes, type)) {
    throw unsupportedMediaType(type, Object.keys(patchMediaTypes));
  }
  const format = patchMediaTypes[type as keyof typeof patchMediaTypes];
  return { format, body: parse(await readBody(req), format === 'apply') };
}
