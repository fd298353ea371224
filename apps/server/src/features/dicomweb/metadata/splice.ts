/** Text that is laid over one attribute of the outermost dataset, whether it is stored or not. */
export interface Overlaid {
  /** Eight digits, as a key of DICOM JSON. */
  readonly tag: string;
  /** The element as JSON, or undefined to keep what is stored. `stored` is the stored element, undefined when there is none. */
  readonly text: (stored: string | undefined) => string | undefined;
}

interface Edit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

const [QUOTE, BACKSLASH, COLON] = [0x22, 0x5c, 0x3a];
const [OPEN_OBJECT, CLOSE_OBJECT, OPEN_LIST, CLOSE_LIST] = [0x7b, 0x7d, 0x5b, 0x5d];
const [OPENING, COMMA, CLOSING] = [Buffer.from('{'), Buffer.from(','), Buffer.from('}')];
const TAG_BYTES = 8;
/** `"00080005":` */
const KEY_BYTES = TAG_BYTES + 3;
const BULK = Buffer.from('"BulkDataURI":"bulk:');
const BULK_URI = BULK.indexOf('bulk:');

/** Whether a quote begins the key of an element: eight characters, and an object follows. */
const isKey = (json: Buffer, at: number): boolean =>
  json[at + TAG_BYTES + 1] === QUOTE && json[at + TAG_BYTES + 2] === COLON && json[at + KEY_BYTES] === OPEN_OBJECT;

function isBefore(json: Buffer, left: number, right: number): boolean {
  for (let digit = 1; digit <= TAG_BYTES; digit += 1) {
    const difference = (json[left + digit] ?? 0) - (json[right + digit] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}

function afterString(json: Buffer, at: number): number {
  let place = at + 1;
  while (place < json.length && json[place] !== QUOTE) place += json[place] === BACKSLASH ? 2 : 1;
  return place;
}

/** Where the keys of the outermost dataset stand, in ascending order or not; undefined when elements of an item are not in ascending order. */
function outermostKeys(json: Buffer): number[] | undefined {
  const keys: number[] = [];
  /** Last key of the dataset at each depth. */
  const last: (number | undefined)[] = [];
  let depth = 0;
  for (let at = 0; at < json.length; at += 1) {
    const byte = json[at];
    if (byte === QUOTE && isKey(json, at)) {
      const previous = last[depth];
      if (depth !== 1 && previous !== undefined && !isBefore(json, previous, at)) return undefined;
      last[depth] = at;
      if (depth === 1) keys.push(at);
      at += KEY_BYTES - 1;
    } else if (byte === QUOTE) at = afterString(json, at);
    else if (byte === OPEN_OBJECT || byte === OPEN_LIST) {
      depth += 1;
      last[depth] = undefined;
    } else if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) depth -= 1;
  }
  return depth === 0 && keys.length > 0 && json.at(-1) === CLOSE_OBJECT ? keys : undefined;
}

/**
 * The same dataset with its outermost elements in ascending order. Tags without a letter and a leading zero, as those of functional groups, are numbers to
 * JavaScript, whose objects give these first: ingest kept them so.
 */
function inOrder(json: Buffer, keys: readonly number[]): { readonly json: Buffer; readonly keys: readonly number[] } {
  if (keys.every((key, index) => index === 0 || isBefore(json, keys[index - 1] ?? 0, key))) return { json, keys };
  const elements = keys.map((key, index) => json.subarray(key, (keys[index + 1] ?? json.length) - 1));
  elements.sort((left, right) => Buffer.compare(left.subarray(0, KEY_BYTES), right.subarray(0, KEY_BYTES)));
  let at = 1;
  const places = elements.map(({ length }) => {
    const place = at;
    at += length + 1;
    return place;
  });
  const pieces = elements.flatMap((element, index) => [index === 0 ? OPENING : COMMA, element]);
  return { json: Buffer.concat([...pieces, CLOSING]), keys: places };
}

/** Overlays in ascending order of tags → edits in the same order. */
function overlayEdits(json: Buffer, keys: readonly number[], overlays: readonly Overlaid[]): Edit[] {
  const edits: Edit[] = [];
  let index = 0;
  const tagAt = (key: number): string => json.toString('latin1', key + 1, key + 1 + TAG_BYTES);
  for (const overlay of overlays) {
    let key = keys[index];
    while (key !== undefined && tagAt(key) < overlay.tag) {
      index += 1;
      key = keys[index];
    }
    const end = (keys[index + 1] ?? json.length) - 1;
    const isThere = key !== undefined && tagAt(key) === overlay.tag;
    const text = overlay.text(isThere ? json.toString('utf8', (key ?? 0) + KEY_BYTES, end) : undefined);
    if (text === undefined) continue;
    if (key === undefined) edits.push({ from: json.length - 1, to: json.length - 1, text: `,"${overlay.tag}":${text}` });
    else if (isThere) edits.push({ from: key + KEY_BYTES, to: end, text });
    else edits.push({ from: key, to: key, text: `"${overlay.tag}":${text},` });
  }
  return edits;
}

/** Quotes within strings are escaped, so that the key is found nowhere else; what an overlay replaces is left out. */
function bulkEdits(json: Buffer, overlays: readonly Edit[], addressOf: (uri: string) => string): Edit[] {
  const edits: Edit[] = [];
  for (let at = json.indexOf(BULK); at >= 0; at = json.indexOf(BULK, at + 1)) {
    const from = at + BULK_URI;
    const to = json.indexOf(QUOTE, from);
    if (overlays.some((one) => one.from < from && to < one.to)) continue;
    edits.push({ from, to, text: JSON.stringify(addressOf(json.toString('latin1', from, to))).slice(1, -1) });
  }
  return edits;
}

/**
 * One instance's metadata from the text that ingest kept, without parsing it: parsing and writing 500 datasets took longer than all the rest
 * together. `stored` is DICOM JSON as `JSON.stringify` writes it; overlays come in ascending order of tags; `addressOf` gives the address of a
 * stored `bulk:` place. Gives the pieces of the result in order, or undefined when the elements of an item are not in ascending order (PS3.18
 * F.2.2): the caller sorts them then.
 */
export function splicedMetadata(
  stored: Buffer,
  overlays: readonly Overlaid[],
  addressOf: (uri: string) => string,
): Buffer[] | undefined {
  const found = outermostKeys(stored);
  if (found === undefined) return undefined;
  const { json, keys } = inOrder(stored, found);
  const overlaid = overlayEdits(json, keys, overlays);
  const edits = [...overlaid, ...bulkEdits(json, overlaid, addressOf)].sort((left, right) => left.from - right.from);
  const pieces: Buffer[] = [];
  let at = 0;
  for (const { from, to, text } of edits) {
    pieces.push(json.subarray(at, from), Buffer.from(text));
    at = to;
  }
  pieces.push(json.subarray(at));
  return pieces;
}
