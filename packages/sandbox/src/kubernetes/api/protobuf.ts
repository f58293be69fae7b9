import { badRequest, notSimulatedHere } from '../status';
import { JsonRecord, recordAt } from '../values';

/** What a field holds; `ignored` is for those that a client sends empty. */
type Shape =
  | 'text'
  | 'bytes'
  | 'flag'
  | 'number'
  | 'ignored'
  | { map: Shape }
  | { message: Message };

/** The fields of a message by their numbers. */
interface Message {
  [field: number]: readonly [name: string, shape: Shape];
}

const objectMeta: Message = {
  1: ['name', 'text'],
  2: ['generateName', 'text'],
  3: ['namespace', 'text'],
  4: ['selfLink', 'text'],
  5: ['uid', 'text'],
  6: ['resourceVersion', 'text'],
  7: ['generation', 'number'],
  8: ['creationTimestamp', 'ignored'],
  11: ['labels', { map: 'text' }],
  12: ['annotations', { map: 'text' }],
};

const attributes: Message = {
  1: ['namespace', 'text'],
  2: ['verb', 'text'],
  3: ['group', 'text'],
  4: ['version', 'text'],
  5: ['resource', 'text'],
  6: ['subresource', 'text'],
  7: ['name', 'text'],
};

/** The kinds that commands in our docs send in protobuf, by k8s.io/api. */
const kinds: Record<string, Message> = {
  'v1 Secret': {
    1: ['metadata', { message: objectMeta }],
    2: ['data', { map: 'bytes' }],
    3: ['type', 'text'],
    4: ['stringData', { map: 'text' }],
    5: ['immutable', 'flag'],
  },
  'v1 Namespace': {
    1: ['metadata', { message: objectMeta }],
    2: ['spec', 'ignored'],
    3: ['status', 'ignored'],
  },
  'authorization.k8s.io/v1 SelfSubjectAccessReview': {
    1: ['metadata', 'ignored'],
    2: [
      'spec',
      { message: { 1: ['resourceAttributes', { message: attributes }] } },
    ],
    3: ['status', 'ignored'],
  },
};

/** Before the envelope `runtime.Unknown`. */
const magic = Buffer.from('k8s\0', 'latin1');

const envelope: Message = {
  1: [
    'typeMeta',
    { message: { 1: ['apiVersion', 'text'], 2: ['kind', 'text'] } },
  ],
  2: ['raw', 'bytes'],
  3: ['contentEncoding', 'text'],
  4: ['contentType', 'text'],
};

class Reader {
  private at = 0;

  constructor(private readonly buffer: Buffer) {}

  get isAtEnd(): boolean {
    return this.at >= this.buffer.length;
  }

  varint(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.take(1)[0];
      value += (byte % 128) * 2 ** shift;
      if (byte < 128) {
        return value;
      }
    }
    throw unreadable('a number too long');
  }

  take(length: number): Buffer {
    const part = this.buffer.subarray(this.at, this.at + length);
    if (part.length < length) {
      throw unreadable('unexpected EOF');
    }
    this.at += length;
    return part;
  }
}

function unreadable(why: string): Error {
  return badRequest(`the object provided is unrecognized: proto: ${why}`);
}

function valueOf(raw: Buffer | number, shape: Shape, what: string): unknown {
  if (typeof raw === 'number') {
    return shape === 'flag' ? raw === 1 : raw;
  }
  if (typeof shape === 'object') {
    return 'message' in shape ? decode(raw, shape.message, what) : undefined;
  }
  return shape === 'ignored'
    ? undefined
    : raw.toString(shape === 'bytes' ? 'base64' : 'utf8');
}

/** A message as the JSON that stands for it; a field that is not described here is not guessed. */
function decode(buffer: Buffer, message: Message, what: string): JsonRecord {
  const reader = new Reader(buffer);
  const decoded: JsonRecord = {};
  while (!reader.isAtEnd) {
    const tag = reader.varint();
    const number = Math.floor(tag / 8);
    const field = Object.hasOwn(message, number) ? message[number] : undefined;
    const isVarint = tag % 8 === 0;
    if (!field || (!isVarint && tag % 8 !== 2)) {
      throw notSimulatedHere(
        `bodies in protobuf with field ${number} of ${what}`,
      );
    }
    const [name, shape] = field;
    const raw = isVarint ? reader.varint() : reader.take(reader.varint());
    if (typeof shape === 'object' && 'map' in shape && raw instanceof Buffer) {
      const entry = decode(
        raw,
        { 1: ['key', 'text'], 2: ['value', shape.map] },
        what,
      );
      decoded[name] = {
        ...recordAt(decoded, name),
        [String(entry.key ?? '')]: entry.value ?? '',
      };
      continue;
    }
    // Fields that are not set are sent as well.
    const value = valueOf(raw, shape, what);
    if (value !== undefined && value !== '' && value !== 0) {
      decoded[name] = value;
    }
  }
  return decoded;
}

/** Reads an object of one of the kinds that commands in our docs send. @internal */
export function parseProtobuf(body: Buffer): JsonRecord {
  if (!body.subarray(0, magic.length).equals(magic)) {
    throw unreadable('the body does not begin with its magic bytes');
  }
  const { typeMeta, raw } = decode(
    body.subarray(magic.length),
    envelope,
    'runtime.Unknown',
  );
  const { apiVersion = '', kind = '' } = recordAt(typeMeta);
  const name = `${apiVersion} ${kind}`;
  if (!Object.hasOwn(kinds, name)) {
    throw notSimulatedHere(`bodies in protobuf of kind ${kind}`);
  }
  const bytes = Buffer.from(String(raw ?? ''), 'base64');
  return { apiVersion, kind, ...decode(bytes, kinds[name], String(kind)) };
}
