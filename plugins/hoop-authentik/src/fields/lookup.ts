import type { ReactNode } from 'react';

/** Something to choose from. @internal */
export interface LookupOption {
  value: string;
  /** What people read; the value itself by default. */
  label?: string;
  /** What else is known of it. */
  aside?: ReactNode;
  /** Why it cannot be chosen. */
  unusable?: string;
}

/** The value that a typed text means: that of the option with this label, or the text itself. @internal */
export function valueOf(
  text: string,
  options: readonly LookupOption[],
): string {
  return (
    options.find(({ label, value }) => (label ?? value) === text)?.value ?? text
  );
}

/** Each of them once, in order, without blanks around. @internal */
export function distinct(values: readonly string[]): string[] {
  return [...new Set(values.map(value => value.trim()).filter(Boolean))];
}

/** Edits that may lie between a typo and what was meant. */
const MOST_EDITS = 3;

/** What a misspelled name may have meant, if one is near. @internal */
export function nearest(
  name: string,
  names: readonly string[],
): string | undefined {
  const bound = Math.min(MOST_EDITS, Math.ceil(name.length / 3));
  const [best] = names
    .map(candidate => ({ candidate, edits: editsBetween(name, candidate) }))
    .filter(({ edits }) => edits <= bound)
    .sort((a, b) => a.edits - b.edits);
  return best?.candidate;
}

function editsBetween(a: string, b: string): number {
  const from = a.toLocaleLowerCase('en-US');
  const to = b.toLocaleLowerCase('en-US');
  if (Math.abs(from.length - to.length) > MOST_EDITS) {
    return Infinity;
  }
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      next[j] = Math.min(
        row[j] + 1,
        next[j - 1] + 1,
        row[j - 1] + (from[i - 1] === to[j - 1] ? 0 : 1),
      );
    }
    row = next;
  }
  return row[to.length];
}
