import type { Pictures } from './pictures';
import type { Stage } from './stage';
import type { Visitor } from './visitor';

/** What the tests share; the functions answer once everything has started. */
export interface Scene {
  stage(): Stage;
  /** The person who goes through the whole journey. */
  guest(): Visitor;
  pictures: Pictures;
}
