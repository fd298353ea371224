import { concat } from '../concat.ts';
import { EXPLICIT_VR_LITTLE_ENDIAN } from '../transfer-syntaxes.ts';
import type { DicomJsonObject } from '../types.ts';
import { element, UTF8 } from '../write/dataset.ts';
import { fileStart, type Writer } from '../write/file-start.ts';
import { FileSink } from '../write/sink.ts';
import { valueBytes } from '../write/values.ts';

const MEDIA_STORAGE_DIRECTORY = '1.2.840.10008.1.3.10';
const ITEM_HEAD_BYTES = 8;
/** Where the values of (0004,1400) and (0004,1420) stand in a record, whose first elements they are: explicit VR, heads of 8 bytes. */
const NEXT_AT = 8;
const LOWER_AT = 30;

/** A directory record and those below it. */
export interface DirectoryRecord {
  readonly keys: DicomJsonObject;
  readonly lower: readonly DirectoryRecord[];
}

export interface FileSet {
  /** File-set ID (0004,1130): up to 16 of `A-Z`, `0-9`, `_` and space (VR CS). */
  readonly id: string;
  readonly sopInstanceUid: string;
  readonly implementation: Writer['implementation'];
}

const unset = (vr: string, value = 0): { vr: string; Value: number[] } => ({ vr, Value: [value] });

interface Placed {
  readonly bytes: Uint8Array;
  readonly at: number;
  readonly children: readonly Placed[];
}

/** A record's elements, ascending: those of group 0004 stand in directories alone, and no other dataset is written with them. */
function recordBytes(json: DicomJsonObject): Uint8Array {
  const sink = new FileSink();
  for (const tag of Object.keys(json).sort()) {
    const value = json[tag];
    if (value !== undefined) element(sink, tag, value, { bulk: () => undefined }, 0);
  }
  return joined(sink);
}

const joined = (sink: FileSink): Uint8Array => concat(sink.parts().filter((part) => part instanceof Uint8Array));

/** Writes records one behind the other, each before those below it, from `at` on. */
function place(records: readonly DirectoryRecord[], at: number): { readonly placed: readonly Placed[]; readonly end: number } {
  const placed: Placed[] = [];
  let end = at;
  for (const { keys, lower } of records) {
    const links = { '00041400': unset('UL'), '00041410': unset('US', 0xffff), '00041420': unset('UL') };
    const bytes = recordBytes({ ...links, ...keys, '00080005': UTF8 });
    const below = place(lower, end + ITEM_HEAD_BYTES + bytes.length);
    placed.push({ bytes, at: end, children: below.placed });
    end = below.end;
  }
  return { placed, end };
}

/** Puts the offsets of the next record and of the first below into each, and gives all in order. */
function* linked(records: readonly Placed[]): Generator<Uint8Array> {
  for (const [index, { bytes, children }] of records.entries()) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    view.setUint32(NEXT_AT, records[index + 1]?.at ?? 0, true);
    view.setUint32(LOWER_AT, children[0]?.at ?? 0, true);
    const head = new Uint8Array(ITEM_HEAD_BYTES);
    new DataView(head.buffer).setUint32(0, 0xe000_fffe, true);
    new DataView(head.buffer).setUint32(4, bytes.length, true);
    yield head;
    yield bytes;
    yield* linked(children);
  }
}

function setHead(fileSet: FileSet, first: number, last: number, length: number): Uint8Array {
  const sink = new FileSink();
  const put = (tag: string, vr: string, value: string | number): void => {
    const bytes = valueBytes({ vr, Value: [value] });
    sink.header(tag, vr, bytes.length);
    sink.put(bytes);
  };
  put('00041130', 'CS', fileSet.id);
  put('00041200', 'UL', first);
  put('00041202', 'UL', last);
  put('00041212', 'US', 0);
  sink.header('00041220', 'SQ', length);
  return joined(sink);
}

/**
 * A DICOMDIR (PS3.10 8.6; PS3.3 F.3): explicit VR little endian, records in UTF-8, each level linked by offsets from the start of the file. Fails with
 * DatasetWriteError for keys that can't be written, with RangeError over 4 GiB.
 */
export function writeDirectory(records: readonly DirectoryRecord[], fileSet: FileSet): Uint8Array {
  const named = { sopClassUid: MEDIA_STORAGE_DIRECTORY, sopInstanceUid: fileSet.sopInstanceUid };
  const start = fileStart(named, { transferSyntaxUid: EXPLICIT_VR_LITTLE_ENDIAN, implementation: fileSet.implementation });
  const at = start.length + setHead(fileSet, 0, 0, 0).length;
  const { placed, end } = place(records, at);
  if (end > 0xffff_fffe) throw new RangeError('A directory is longer than its offsets reach.');
  const head = setHead(fileSet, placed[0]?.at ?? 0, placed.at(-1)?.at ?? 0, end - at);
  return concat([start, head, ...linked(placed)]);
}
