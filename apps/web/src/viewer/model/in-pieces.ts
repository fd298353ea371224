/**
 * What takes a page seconds for a series of thousands of slices, in pieces: between two of them it answers the reader. Small ones are done at once.
 */

/** Characters of JSON that are parsed without a rest: some 20 ms on a slow machine. */
const PIECE = 512 * 1024;
/** Milliseconds of work without a rest. */
const LONGEST_MS = 30;

/** Lets the page answer whatever has come meanwhile. A message, since browsers hold timers back, those of a hidden page by a second. */
export const rest = (): Promise<void> =>
  new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });

const [QUOTE, BACKSLASH, COMMA, OPEN_LIST, CLOSE_LIST, OPEN, CLOSE] = [0x22, 0x5c, 0x2c, 0x5b, 0x5d, 0x7b, 0x7d];

/** Behind the end of a text within JSON that begins at a quotation mark. */
function afterText(json: string, from: number): number {
  let at = from + 1;
  while (at < json.length && json.charCodeAt(at) !== QUOTE) at += json.charCodeAt(at) === BACKSLASH ? 2 : 1;
  return at + 1;
}

/** Where the next comma between two elements of a list is, at least a piece behind one of them; the end of the list where there is none. */
function endOfPiece(json: string, from: number, end: number): number {
  let depth = 0;
  for (let at = from; at < end; at += 1) {
    const code = json.charCodeAt(at);
    if (code === QUOTE) at = afterText(json, at) - 1;
    else if (code === OPEN || code === OPEN_LIST) depth += 1;
    else if (code === CLOSE || code === CLOSE_LIST) depth -= 1;
    else if (code === COMMA && depth === 0 && at - from >= PIECE) return at;
  }
  return end;
}

/** What JSON says, as `JSON.parse` gives it; a long list is parsed some elements at a time. */
export async function parseInPieces(json: string): Promise<unknown> {
  const text = json.length <= PIECE ? '' : json.trim();
  if (!text.startsWith('[') || !text.endsWith(']')) return JSON.parse(json);
  const all: unknown[] = [];
  const end = text.length - 1;
  for (let from = 1; from <= end; ) {
    const to = endOfPiece(text, from, end);
    const piece: unknown[] = JSON.parse(`[${text.slice(from, to)}]`);
    // As in a whole one, nothing may stand between two commas, nor before the end.
    if (piece.length === 0) throw new SyntaxError('An element of the list is missing');
    for (const one of piece) all.push(one);
    from = to + 1;
    if (from <= end) await rest();
  }
  return all;
}

/** What a function gives for each, in order, with a rest whenever it has taken long. */
export async function mapInPieces<T, R>(all: readonly T[], give: (one: T) => R): Promise<R[]> {
  const given: R[] = [];
  let since = performance.now();
  for (const one of all) {
    given.push(give(one));
    if (performance.now() - since < LONGEST_MS) continue;
    await rest();
    since = performance.now();
  }
  return given;
}
