import { bareFrame, canBeBare, type DicomJsonObject, type EncodedFrame, frameFormatOf, jsonNumber } from '@negatoscope/dicom';

/** (FFFE,E000) and (FFFE,E0DD) as they are read from four bytes. */
const ITEM = 0xe000fffe;
const SEQUENCE_END = 0xe0ddfffe;
const ITEM_HEADER = 8;
/** The elements that say where compressed frames begin (PS3.5 A.4, Extended Offset Table). */
const OFFSET_TABLES = ['7FE00001', '7FE00002'];

/** The frames of compressed pixels (PS3.5 A.4); undefined where fragments can't be told to be frames. */
function framesOf(bytes: Buffer, count: number): readonly Buffer[] | undefined {
  const fragments: Buffer[] = [];
  for (let at = 0; at + ITEM_HEADER <= bytes.length; ) {
    const [tag, length] = [bytes.readUInt32LE(at), bytes.readUInt32LE(at + 4)];
    if (tag === SEQUENCE_END) break;
    if (tag !== ITEM || at + ITEM_HEADER + length > bytes.length) return undefined;
    fragments.push(bytes.subarray(at + ITEM_HEADER, at + ITEM_HEADER + length));
    at += ITEM_HEADER + length;
  }
  const [, ...pixels] = fragments;
  if (count === 1 && pixels.length > 0) return [Buffer.concat(pixels)];
  return pixels.length === count ? pixels : undefined;
}

function item(tag: number, content: Uint8Array): Buffer {
  const header = Buffer.alloc(ITEM_HEADER);
  header.writeUInt32LE(tag, 0);
  header.writeUInt32LE(content.length + (content.length % 2), 4);
  return Buffer.concat([header, content, Buffer.alloc(content.length % 2)]);
}

/**
 * Compressed pixels, items and all, with nothing in them but the pixels, bit for bit: comments, application segments and an offset table may say anything.
 * Undefined where that can't be made sure of. Fails with PixelError for frames that are none.
 */
export function bareEncapsulated(bytes: Buffer, json: DicomJsonObject, transferSyntaxUid: string): Buffer | undefined {
  if (!canBeBare(transferSyntaxUid) || OFFSET_TABLES.some((tag) => tag in json)) return undefined;
  const frames = framesOf(bytes, jsonNumber(json, '00280008') ?? 1);
  const format = frameFormatOf(json, '7FE00010');
  const bare = frames?.map((frame) =>
    item(ITEM, bareFrame({ ...format, transferSyntaxUid, bytes: frame } satisfies EncodedFrame)),
  );
  if (bare === undefined) return undefined;
  const end = Buffer.alloc(ITEM_HEADER);
  end.writeUInt32LE(SEQUENCE_END, 0);
  return Buffer.concat([item(ITEM, new Uint8Array(0)), ...bare, end]);
}

/** Bytes that native pixels take at most; what is longer has something else behind them. */
export function nativeBytes(json: DicomJsonObject): number {
  const { rows, columns, samplesPerPixel, bitsAllocated } = frameFormatOf(json, '7FE00010');
  const bits = rows * columns * samplesPerPixel * bitsAllocated * (jsonNumber(json, '00280008') ?? 1);
  const whole = Math.ceil(bits / 8);
  return whole + (whole % 2);
}
