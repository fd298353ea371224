import {
  type BulkDataRef,
  type DicomJsonElement,
  type DicomJsonObject,
  type DicomJsonValue,
  type FrameTable,
  finishFrameRead,
  type ParsedInstance,
  parsePart10,
  planFrameRead,
  runReader,
  swapWords,
  withElementsBehindPixels,
} from '../src/index.ts';
import { inflateRaw, sha256 } from './corpus.ts';

export interface Fixture {
  readonly parsed: ParsedInstance;
  readonly file: Uint8Array;
  readonly inflated: Uint8Array;
}

export function load(file: Uint8Array): Fixture {
  let inflated = new Uint8Array(0);
  const before = parsePart10(file, {
    inflateRaw: (bytes, max) => {
      inflated = new Uint8Array(inflateRaw(bytes, max));
      return inflated;
    },
  });
  const parsed = runReader(withElementsBehindPixels(before, file.length), file, () => inflated);
  return { parsed, file, inflated };
}

function spaceOf(fixture: Fixture, space: 'file' | 'inflated'): Uint8Array {
  return space === 'file' ? fixture.file : fixture.inflated;
}

/** The fragments of an encapsulated value joined, found by a plain walk that shares nothing with the code under test. */
export function joinFragments(bytes: Uint8Array, offset: number): Uint8Array[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const parts: Uint8Array[] = [];
  let at = offset;
  while (at + 8 <= bytes.length && view.getUint32(at, true) === 0xe000fffe) {
    const length = view.getUint32(at + 4, true);
    parts.push(bytes.subarray(at + 8, at + 8 + length));
    at += 8 + length;
  }
  return parts.slice(1);
}

export function bulkBytes(fixture: Fixture, ref: BulkDataRef): Uint8Array[] {
  const bytes = spaceOf(fixture, ref.space);
  if (ref.encapsulated) return joinFragments(bytes, ref.offset);
  const value = bytes.subarray(ref.offset, ref.offset + (ref.length ?? 0));
  return [ref.bigEndian && ref.wordBytes > 1 ? swapWords(value, ref.wordBytes) : value];
}

/** One frame, little endian, as a server would read it. */
export function frameBytes(fixture: Fixture, table: FrameTable, index: number): Uint8Array {
  const bytes = spaceOf(fixture, table.space);
  const read = planFrameRead(table, index);
  if (read === undefined) return new Uint8Array(0);
  const parts = read.ranges.map(({ offset, length }) => bytes.subarray(offset, offset + length));
  return finishFrameRead(read, new Uint8Array(Buffer.concat(parts)));
}

/** Replaces bulk references and inline binaries alike by hash and size, so that thresholds do not matter. */
export function hashed(fixture: Fixture): DicomJsonObject {
  const byPath = new Map(fixture.parsed.bulkData.map((ref) => [ref.path, ref]));
  return walk(fixture.parsed.json, '', (path, element) => {
    const ref = byPath.get(path);
    if (element.BulkDataURI !== undefined && ref !== undefined) return binaryOf(element.vr, bulkBytes(fixture, ref));
    return element.InlineBinary === undefined ? element : binaryOf(element.vr, [Buffer.from(element.InlineBinary, 'base64')]);
  });
}

/** The oracle in the same form. */
export function hashedOracle(oracle: DicomJsonObject): DicomJsonObject {
  return walk(oracle, '', (_path, element) => {
    if (element.BulkDataURI !== undefined) {
      const text = element.BulkDataURI.replace(/^encapsulated:/, '').replace(/;fragments=\d+/, '');
      return { vr: element.vr, BulkDataURI: text };
    }
    if (element.InlineBinary !== undefined) return binaryOf(element.vr, [Buffer.from(element.InlineBinary, 'base64')]);
    return { ...element, ...(element.Value === undefined ? {} : { Value: element.Value.map(unpadded) }) };
  });
}

/** The oracle takes the padding of the last value only; it belongs to none (PS3.5 6.2). */
const unpadded = (value: DicomJsonValue): DicomJsonValue => (typeof value === 'string' ? value.replace(/[ \0]+$/, '') : value);

function binaryOf(vr: string, parts: readonly Uint8Array[]): DicomJsonElement {
  const size = parts.reduce((sum, part) => sum + part.length, 0);
  return { vr, BulkDataURI: `sha256:${sha256(...parts)};bytes=${size}` };
}

function walk(
  json: DicomJsonObject,
  prefix: string,
  change: (path: string, element: DicomJsonElement) => DicomJsonElement,
): DicomJsonObject {
  const out: DicomJsonObject = {};
  for (const [tag, element] of Object.entries(json)) {
    const path = prefix + tag;
    const items = element.vr === 'SQ' ? (element.Value ?? []) : undefined;
    out[tag] =
      items === undefined || items.length === 0
        ? change(path, element)
        : { vr: 'SQ', Value: items.map((item, index) => walk((item ?? {}) as DicomJsonObject, `${path}/${index}/`, change)) };
  }
  return out;
}

export interface Difference {
  readonly path: string;
  readonly ours: DicomJsonElement | undefined;
  readonly oracle: DicomJsonElement | undefined;
}

/** Attributes in which two datasets differ, at any depth. */
export function differences(ours: DicomJsonObject, oracle: DicomJsonObject, prefix = ''): Difference[] {
  const found: Difference[] = [];
  for (const tag of new Set([...Object.keys(ours), ...Object.keys(oracle)])) {
    const path = prefix + tag;
    const [a, b] = [ours[tag], oracle[tag]];
    if (a?.vr === 'SQ' && b?.vr === 'SQ' && a.Value?.length === b.Value?.length) {
      for (const [index, item] of (a.Value ?? []).entries()) {
        const other = b.Value?.[index] ?? {};
        found.push(...differences((item ?? {}) as DicomJsonObject, other as DicomJsonObject, `${path}/${index}/`));
      }
    } else if (stable(a) !== stable(b)) found.push({ path, ours: a, oracle: b });
  }
  return found;
}

function stable(value: unknown): string {
  return JSON.stringify(value, (_key, child) =>
    typeof child === 'object' && child !== null && !Array.isArray(child)
      ? Object.fromEntries(Object.entries(child).sort(([a], [b]) => (a < b ? -1 : 1)))
      : child,
  );
}
