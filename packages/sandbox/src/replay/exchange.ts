import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Json, JsonObject } from '../json';

/** One request that was really sent, and what was really answered. @internal */
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

/** Exchanges of one subject, each with the effects of those before it. @internal */
export interface Recording<T = Exchange> {
  scenario: string;
  exchanges: T[];
}

/** Every recording of a folder, in the order of their names. @internal */
export function loadFolder<T = Exchange>(
  folder: string,
  isRecording: (file: string) => boolean = () => true,
): Recording<T>[] {
  return readdirSync(folder)
    .filter(file => file.endsWith('.json') && isRecording(file))
    .sort()
    .map(file => JSON.parse(readFileSync(join(folder, file), 'utf8')));
}
