import { smallDataset, TransferSyntax, writePart10 } from '@negatoscope/testkit';
import { isLong } from '../support/sample.ts';

/** Both are past what is read in one go (20,000 elements, 512 kB), and past what of a sequence is shown in lists. */
export const ENHANCED_FRAMES = isLong ? 10_000 : 600;
/** Of the functional groups of each frame, sequences counted. */
export const ELEMENTS_A_FRAME = 60;
const FRAME_BYTES = 64;

/** One element in explicit VR little endian (PS3.5 7.1.2), its value a text of even length. */
function text(tag: number, vr: string, value: string): Buffer {
  const bytes = Buffer.from(value.length % 2 === 0 ? value : `${value} `, 'latin1');
  const head = Buffer.alloc(8);
  head.writeUInt16LE(tag >>> 16, 0);
  head.writeUInt16LE(tag & 0xffff, 2);
  head.write(vr, 4, 'latin1');
  head.writeUInt16LE(bytes.length, 6);
  return Buffer.concat([head, bytes]);
}

/** A sequence of known length with its items (PS3.5 7.5). */
function sequence(tag: number, items: readonly Buffer[]): Buffer {
  const marked = items.flatMap((content) => {
    const mark = Buffer.from([0xfe, 0xff, 0x00, 0xe0, 0, 0, 0, 0]);
    mark.writeUInt32LE(content.length, 4);
    return [mark, content];
  });
  const head = Buffer.alloc(12);
  head.writeUInt16LE(tag >>> 16, 0);
  head.writeUInt16LE(tag & 0xffff, 2);
  head.write('SQ', 4, 'latin1');
  head.writeUInt32LE(
    marked.reduce((sum, { length }) => sum + length, 0),
    8,
  );
  return Buffer.concat([head, ...marked]);
}

/** Comments of one frame, and the window by which it is shown: its number. */
function groupsOf(frame: number): Buffer {
  // Two sequences and two elements of the window are the others of the sixty.
  const comments = Array.from({ length: ELEMENTS_A_FRAME - 4 }, (_, at) =>
    text(0x00111010 + at, 'LT', `synthetic ${frame}.${at}`),
  );
  return Buffer.concat([
    sequence(0x00209111, [Buffer.concat(comments)]),
    sequence(0x00289132, [Buffer.concat([text(0x00281050, 'DS', String(frame)), text(0x00281051, 'DS', '100')])]),
  ]);
}

export interface EnhancedFile {
  readonly bytes: Buffer;
  /** Its Per-Frame Functional Groups Sequence as it is in the file. */
  readonly groups: Buffer;
  /** Its frames, one after the other. */
  readonly pixels: Buffer;
}

/** An object of so many frames of 8 × 8 pixels whose functional groups (PS3.3 C.7.6.16) have 60 elements each: 600,000 in all in the long tests. */
export function enhancedFile(name: string, count = ENHANCED_FRAMES): EnhancedFile {
  const frames = Array.from({ length: count }, (_, frame) => groupsOf(frame + 1));
  const groups = sequence(0x52009230, frames);
  const pixels = Buffer.from(Uint8Array.from({ length: FRAME_BYTES * count }, (_, index) => index % 251));
  const dataset = { ...smallDataset(name), Rows: 8, Columns: 8, NumberOfFrames: count, PixelData: undefined };
  const head = writePart10(dataset, { transferSyntaxUid: TransferSyntax.explicitVrLittleEndian });
  const pixelHead = Buffer.from([0xe0, 0x7f, 0x10, 0x00, 0x4f, 0x42, 0, 0, 0, 0, 0, 0]);
  pixelHead.writeUInt32LE(pixels.length, 8);
  return { bytes: Buffer.concat([head, groups, pixelHead, pixels]), groups, pixels };
}

export const frameOf = ({ pixels }: EnhancedFile, number: number): Buffer =>
  pixels.subarray(FRAME_BYTES * (number - 1), FRAME_BYTES * number);
