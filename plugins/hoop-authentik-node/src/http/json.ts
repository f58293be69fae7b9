/** No answer of our systems nests deeper than about twenty; what walks a value afterwards recurses. */
const MOST_LEVELS = 64;

/**
 * Parses JSON from another system.
 *
 * @returns `undefined` where it is not JSON or nests too deep; the parser's own error would quote the text
 * @internal
 */
export function parseJson(text: string): unknown {
  if (levelsOf(text) > MOST_LEVELS) {
    return undefined;
  }
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** How deep brackets nest outside of strings, up to one level too many. */
function levelsOf(text: string): number {
  let level = 0;
  let most = 0;
  let within = false;
  for (let at = 0; at < text.length && most <= MOST_LEVELS; at++) {
    const code = text.charCodeAt(at);
    if (within) {
      at += code === BACKSLASH ? 1 : 0;
      within = code !== QUOTE;
    } else if (code === QUOTE) {
      within = true;
    } else if (code === 0x5b || code === 0x7b) {
      most = Math.max(most, ++level);
    } else if (code === 0x5d || code === 0x7d) {
      level--;
    }
  }
  return most;
}
