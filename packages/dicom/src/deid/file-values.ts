import type { ByteWindow } from '../byte-window.ts';
import type { ByteReader } from '../part10-start.ts';
import { swapWords } from '../swap-words.ts';
import type { BulkDataRef, DicomJsonObject } from '../types.ts';
import { isNamedIn } from './named-bytes.ts';
import type { DeidAction } from './types.ts';

const CHUNK_BYTES = 65_536;
/** Of the chunk before: a name may lie over the edge. */
const OVERLAP_BYTES = 256;

/** Paths of values that are in the file, and their addresses. */
export function bulkAddresses(json: DicomJsonObject, path = ''): Map<string, string> {
  const found = new Map<string, string>();
  for (const [tag, { vr, BulkDataURI, Value = [] }] of Object.entries(json)) {
    if (BulkDataURI !== undefined) found.set(`${path}${tag}`, BulkDataURI);
    if (vr !== 'SQ') continue;
    for (const [index, item] of Value.entries())
      if (typeof item === 'object' && item !== null)
        for (const [inner, uri] of bulkAddresses(item as DicomJsonObject, `${path}${tag}/${index}/`)) found.set(inner, uri); // Items of a sequence.
  }
  return found;
}

interface Header {
  readonly output: DicomJsonObject;
  readonly removed: readonly DeidAction[];
}

/** A header without the technical values that stayed in the file and have the name of somebody in them. */
export function* withoutNamedBulk(
  window: ByteWindow,
  header: DicomJsonObject,
  { refs, naming }: { readonly refs: readonly BulkDataRef[]; readonly naming: ReadonlySet<string> },
): ByteReader<Header> {
  const byPath = new Map(refs.map((ref) => [`${ref.path}`, ref]));
  const removed: DeidAction[] = [];
  let output = header;
  for (const path of bulkAddresses(header).keys()) {
    const ref = byPath.get(path);
    if (ref === undefined || !(yield* isNamed(window, ref, naming))) continue;
    output = without(output, path.split('/'));
    removed.push({ path, done: 'removed', rule: 'unnamed' });
  }
  return { output, removed };
}

function* isNamed(
  window: ByteWindow,
  { offset, length = 0, bigEndian, wordBytes }: BulkDataRef,
  naming: ReadonlySet<string>,
): ByteReader<boolean> {
  for (let at = 0; at < length; at += CHUNK_BYTES - OVERLAP_BYTES) {
    window.pos = offset + at;
    const bytes = yield* window.peek(Math.min(CHUNK_BYTES, length - at));
    if (isNamedIn(bigEndian ? swapWords(bytes, wordBytes) : bytes, naming)) return true;
  }
  return false;
}

/** A dataset without what stands at a path of tags and numbers of items. */
function without(json: DicomJsonObject, [tag = '', item, ...rest]: readonly string[]): DicomJsonObject {
  const { [tag]: element, ...others } = json;
  if (item === undefined || element === undefined) return others;
  const Value = (element.Value ?? []).map(
    (value, at) =>
      at === Number(item) && typeof value === 'object' && value !== null ? without(value as DicomJsonObject, rest) : value, // Items of a sequence.
  );
  return { ...json, [tag]: { ...element, Value } };
}
