import { DicomError } from './errors.ts';
import type { FrameTable, FrameWarningCode } from './frame-table.ts';
import { jsonNumber, jsonString } from './json-access.ts';
import type { ParsedInstance, PixelDataInfo } from './types.ts';
import { vrByName } from './vr.ts';

/** Bits of one frame (PS3.5 8.1.1); undefined when an attribute is missing or out of range. */
function frameBits(parsed: ParsedInstance): { bits: number; subsampledBits: number } | undefined {
  const rows = jsonNumber(parsed.json, '00280010') ?? 0;
  const columns = jsonNumber(parsed.json, '00280011') ?? 0;
  const samples = jsonNumber(parsed.json, '00280002') ?? 1;
  const allocated = jsonNumber(parsed.json, '00280100') ?? 0;
  const inRange = [rows, columns].every((size) => Number.isInteger(size) && size > 0 && size <= 65_535);
  if (!inRange || !Number.isInteger(samples) || samples < 1 || samples > 65_535) return undefined;
  if (!Number.isInteger(allocated) || allocated < 1 || allocated > 64) return undefined;
  const bits = rows * columns * samples * allocated;
  // Chrominance shared by two pixels, or by four (PS3.3 C.7.6.3.1.2).
  const photometric = jsonString(parsed.json, '00280004');
  const shared =
    photometric === 'YBR_FULL_422' || photometric === 'YBR_PARTIAL_422' ? 2 : photometric === 'YBR_PARTIAL_420' ? 1.5 : 3;
  const subsampledBits = samples === 3 ? rows * columns * shared * allocated : bits;
  return Number.isSafeInteger(bits) ? { bits, subsampledBits } : undefined;
}

/** Words that byte order swaps: those of the VR, or whole pixel cells where these are larger, as writers of big endian 32-bit data do. */
export function pixelWordBytes(parsed: Pick<ParsedInstance, 'json'>, pixels: Pick<PixelDataInfo, 'vr'>): number {
  const { wordBytes } = vrByName(pixels.vr);
  const allocated = jsonNumber(parsed.json, '00280100');
  return wordBytes > 1 && (allocated === 32 || allocated === 64) ? Math.max(wordBytes, allocated / 8) : wordBytes;
}

/** Frames of uncompressed Pixel Data, by arithmetic (PS3.5 8.1.1). Fails with PIXEL_GEOMETRY_INVALID. */
export function locateNative(parsed: ParsedInstance, pixels: PixelDataInfo, announcedFrames: number | undefined): FrameTable {
  const size = frameBits(parsed);
  const available = pixels.length;
  if (size === undefined || available === undefined) throw new DicomError('PIXEL_GEOMETRY_INVALID');
  const warnings: FrameWarningCode[] = [];
  // Some writers announce subsampling and store every sample; the length tells.
  const isFull = size.subsampledBits !== size.bits && available * 8 >= size.bits * (announcedFrames ?? 1);
  const bits = isFull ? size.bits : size.subsampledBits;
  const fitting = Math.floor((available * 8) / bits);
  const announced = announcedFrames ?? Math.max(1, fitting);
  if (announcedFrames === undefined) warnings.push('FRAME_COUNT_INVALID');
  const expected = Math.ceil((announced * bits) / 8);
  if (available < expected) warnings.push('PIXEL_LENGTH_MISMATCH');
  // One byte of padding makes the length even.
  if (available > expected + (expected % 2)) warnings.push('PIXEL_DATA_EXCESS');
  const count = Math.min(announced, fitting);
  const layout = { offset: pixels.offset, bigEndian: pixels.bigEndian, wordBytes: pixelWordBytes(parsed, pixels) };
  const located = { space: pixels.space, count, announced, warnings };
  if (bits % 8 === 0) return { kind: 'native', ...located, ...layout, frameBytes: bits / 8 };
  return { kind: 'packed-bits', ...located, ...layout, frameBits: bits };
}
