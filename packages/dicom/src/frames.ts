import { ByteWindow, DEFAULT_WINDOW_BYTES } from './byte-window.ts';
import { DicomError } from './errors.ts';
import { readExtendedTable } from './extended-offsets.ts';
import { groupFragments } from './frame-grouping.ts';
import { scanFragments } from './frame-scan.ts';
import type { FrameTable, FrameWarningCode } from './frame-table.ts';
import { jsonElement, jsonNumber, jsonString } from './json-access.ts';
import { readOffsetTable } from './offset-table.ts';
import { type InflateOptions, inflateDataset, runReader } from './parse.ts';
import type { ByteReader } from './part10-start.ts';
import { TRANSFER_SYNTAXES } from './transfer-syntaxes.ts';
import type { ParsedInstance, PixelDataInfo } from './types.ts';
import { vrByName } from './vr.ts';

export interface FrameOptions {
  /** Default 2,000,000. */
  readonly maxFragments?: number;
}

/**
 * Finds the bytes of every frame. Uncompressed data by arithmetic (PS3.5 8), compressed data by the extended or basic offset table, or by
 * walking the fragment headers and looking for image markers (PS3.5 A.4). `sizeBytes` is the size of the file.
 * Fails with PIXEL_GEOMETRY_INVALID, FRAME_COUNT_MISMATCH, TRUNCATED, BAD_STRUCTURE, BAD_LENGTH, ELEMENT_LIMIT. Recovered faults are `warnings`
 * of the table, whose `count` never covers bytes that are not there, except the last frame of a truncated compressed file.
 */
export function* frameLocator(parsed: ParsedInstance, sizeBytes: number, options: FrameOptions = {}): ByteReader<FrameTable> {
  const pixels = parsed.pixelData;
  const announcedFrames = announcedCount(parsed);
  if (pixels === undefined || pixels.length === 0) {
    return { kind: 'none', space: 'file', count: 0, announced: announcedFrames ?? 1, warnings: [] };
  }
  if (!pixels.encapsulated) return locateNative(parsed, pixels, announcedFrames);
  const window = new ByteWindow(pixels.space, pixels.space === 'file' ? sizeBytes : undefined, {
    windowBytes: DEFAULT_WINDOW_BYTES,
    ...(pixels.space === 'inflated' ? { inflateFrom: parsed.datasetOffset } : {}),
  });
  return yield* locateEncapsulated(parsed, window, { pixels, announcedFrames, maxFragments: options.maxFragments ?? 2_000_000 });
}

/** `frameLocator` on a file in memory; a deflated dataset needs `inflateRaw`. */
export function locateFrames(parsed: ParsedInstance, bytes: Uint8Array, options: FrameOptions & InflateOptions = {}): FrameTable {
  return runReader(frameLocator(parsed, bytes.length, options), bytes, (from) => inflateDataset(bytes.subarray(from), options));
}

/** Number of Frames (0028,0008): 1 when absent or empty (PS3.3 C.7.6.6), undefined when it is no positive integer. */
function announcedCount(parsed: ParsedInstance): number | undefined {
  const element = jsonElement(parsed.json, '00280008');
  const hasInvalid = parsed.warnings.some((warning) => warning.code === 'INVALID_NUMBER' && warning.tag === '00280008');
  if (element?.Value === undefined) return hasInvalid ? undefined : 1;
  const value = jsonNumber(parsed.json, '00280008');
  return value !== undefined && Number.isSafeInteger(value) && value > 0 ? value : undefined;
}

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
function pixelWordBytes(parsed: ParsedInstance, pixels: PixelDataInfo): number {
  const { wordBytes } = vrByName(pixels.vr);
  const allocated = jsonNumber(parsed.json, '00280100');
  return wordBytes > 1 && (allocated === 32 || allocated === 64) ? Math.max(wordBytes, allocated / 8) : wordBytes;
}

function locateNative(parsed: ParsedInstance, pixels: PixelDataInfo, announcedFrames: number | undefined): FrameTable {
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

function* locateEncapsulated(
  parsed: ParsedInstance,
  window: ByteWindow,
  context: { pixels: PixelDataInfo; announcedFrames: number | undefined; maxFragments: number },
): ByteReader<FrameTable> {
  const warnings = new Set<FrameWarningCode>();
  const announced = context.announcedFrames ?? 1;
  if (context.announcedFrames === undefined) warnings.add('FRAME_COUNT_INVALID');
  window.pos = context.pixels.offset;
  const offsetTable = yield* readOffsetTable(window);
  const base = window.pos;
  const located = { kind: 'encapsulated', space: context.pixels.space, announced } as const;
  if (announced <= context.maxFragments && offsetTable.length === 0 && jsonElement(parsed.json, '7FE00001') !== undefined) {
    const table = yield* readExtendedTable(parsed, window, { base, announced });
    if (table !== undefined) {
      const { offsets: fragmentOffsets, lengths: fragmentLengths } = table;
      const firstFragments = Uint32Array.from({ length: announced + 1 }, (_, index) => index);
      return { ...located, count: announced, warnings: [...warnings], fragmentOffsets, fragmentLengths, firstFragments };
    }
    warnings.add('OFFSET_TABLE_INVALID');
    window.pos = base;
  }
  const fragments = yield* scanFragments(window, { offsetTable, maxFragments: context.maxFragments, warnings });
  const isVideo = TRANSFER_SYNTAXES.get(parsed.transferSyntaxUid)?.mediaType.startsWith('video/') ?? false;
  // A video stream is one thing: its frames cannot be told apart without decoding it (PS3.5 8.2.5 to 8.2.9).
  if (isVideo) warnings.add('VIDEO_STREAM');
  const firstFragments = isVideo ? [0, fragments.offsets.length] : groupFragments(fragments, announced, warnings);
  return {
    ...located,
    count: firstFragments.length - 1,
    warnings: [...warnings],
    fragmentOffsets: Float64Array.from(fragments.offsets),
    fragmentLengths: Uint32Array.from(fragments.lengths),
    firstFragments: Uint32Array.from(firstFragments),
  };
}
