import { DicomError } from './errors.ts';
import { FRAME_WARNING_CODES, type FrameTable, type FrameWarningCode } from './frame-table.ts';
import { NumberReader, NumberWriter } from './number-stream.ts';

const VERSION = 1;
const KINDS = ['none', 'native', 'packed-bits', 'encapsulated'] as const;

/** A frame table as compact bytes, to be kept in a database: some 4 bytes a frame when compressed, some 10 in all when not. */
export function encodeFrameTable(table: FrameTable): Uint8Array {
  const out = new NumberWriter();
  out.number(VERSION);
  out.number(KINDS.indexOf(table.kind));
  out.number(table.space === 'file' ? 0 : 1);
  out.number(table.count);
  out.number(table.announced);
  out.number(table.warnings.length);
  for (const warning of table.warnings) out.number(FRAME_WARNING_CODES.indexOf(warning));
  if (table.kind === 'native' || table.kind === 'packed-bits') {
    out.number(table.offset);
    out.number(table.kind === 'native' ? table.frameBytes : table.frameBits);
    out.number(table.wordBytes * 2 + (table.bigEndian ? 1 : 0));
  } else if (table.kind === 'encapsulated') {
    out.number(table.fragmentOffsets.length);
    let end = 0;
    for (let index = 0; index < table.fragmentOffsets.length; index += 1) {
      const offset = table.fragmentOffsets[index] ?? 0;
      const length = table.fragmentLengths[index] ?? 0;
      out.number(offset - end);
      out.number(length);
      end = offset + length;
    }
    for (let frame = 0; frame < table.count; frame += 1) {
      out.number((table.firstFragments[frame + 1] ?? 0) - (table.firstFragments[frame] ?? 0));
    }
  }
  return out.finish();
}

/** Reads what `encodeFrameTable` wrote. Fails with FRAME_TABLE_INVALID. */
export function decodeFrameTable(bytes: Uint8Array): FrameTable {
  const input = new NumberReader(bytes);
  if (input.number() !== VERSION) throw new DicomError('FRAME_TABLE_INVALID');
  const kind = KINDS[input.number()];
  const space = input.number() === 0 ? 'file' : 'inflated';
  const count = input.number();
  const announced = input.number();
  const warnings: FrameWarningCode[] = [];
  for (let left = input.count(); left > 0; left -= 1) {
    const code = FRAME_WARNING_CODES[input.number()];
    if (code !== undefined) warnings.push(code);
  }
  const located = { space, count, announced, warnings } as const;
  if (kind === 'none') return { kind, ...located };
  if (kind === 'encapsulated') return { kind, ...located, ...readFragments(input, count) };
  if (kind === undefined) throw new DicomError('FRAME_TABLE_INVALID');
  const offset = input.number();
  const size = input.number();
  const words = input.number();
  const layout = { offset, wordBytes: Math.floor(words / 2), bigEndian: words % 2 === 1 };
  return kind === 'native' ? { kind, ...located, ...layout, frameBytes: size } : { kind, ...located, ...layout, frameBits: size };
}

function readFragments(input: NumberReader, frames: number) {
  const count = input.count();
  const fragmentOffsets = new Float64Array(count);
  const fragmentLengths = new Uint32Array(count);
  let end = 0;
  for (let index = 0; index < count; index += 1) {
    fragmentOffsets[index] = end + input.number();
    fragmentLengths[index] = input.number();
    end = (fragmentOffsets[index] ?? 0) + (fragmentLengths[index] ?? 0);
  }
  if (frames > count) throw new DicomError('FRAME_TABLE_INVALID');
  const firstFragments = new Uint32Array(frames + 1);
  for (let frame = 0; frame < frames; frame += 1) firstFragments[frame + 1] = (firstFragments[frame] ?? 0) + input.number();
  if ((firstFragments[frames] ?? 0) > count) throw new DicomError('FRAME_TABLE_INVALID');
  return { fragmentOffsets, fragmentLengths, firstFragments };
}
