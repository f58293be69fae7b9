import fs from 'node:fs';
import path from 'node:path';
import type { Json, JsonObject } from '../support/json';
import type { AuthentikVersion } from '../types';

/** @internal */
export interface Exchange {
  title: string;
  /** Belongs to an endpoint that is not simulated; only method and path are kept. */
  leftOut?: true;
  request: {
    method: string;
    path: string;
    headers?: Record<string, string>;
    cookies?: string[];
    body?: Json;
  };
  response: {
    status: number;
    headers: Record<string, string | string[]>;
    body?: Json;
    html?: { title: string; h1: string; p: string[] };
  };
  decoded?: Record<string, { header: JsonObject; claims: JsonObject }>;
  note?: string;
  parallel?: number;
}

/** @internal */
export interface Recording {
  scenario: string;
  exchanges: Exchange[];
}

/**
 * Keys of the objects every server has, as they were when it was recorded.
 *
 * @internal
 */
export type Seeds = Record<string, Record<string, string | number>>;

const ROOT = path.join(
  path.dirname(require.resolve('../__fixtures__/recordings/2026.8/seeds.json')),
  '..',
);

function read<T>(version: AuthentikVersion, file: string): T {
  return JSON.parse(
    fs.readFileSync(path.join(ROOT, version, file), 'utf8'),
  ) as T;
}

/** @internal */
export function loadSeeds(version: AuthentikVersion): Seeds {
  return read<Seeds>(version, 'seeds.json');
}

/** @internal */
export function loadRecordings(version: AuthentikVersion): Recording[] {
  return fs
    .readdirSync(path.join(ROOT, version))
    .filter(file => file.endsWith('.json') && file !== 'seeds.json')
    .sort()
    .map(file => read<Recording>(version, file));
}
