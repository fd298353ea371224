import { ByteWindow, DEFAULT_WINDOW_BYTES } from './byte-window.ts';
import { readExtendedTable } from './extended-offsets.ts';
import { groupFragments } from './frame-grouping.ts';
import { scanFragments } from './frame-scan.ts';
import type { FrameTable, FrameWarningCode } from './frame-table.ts';
import { jsonElement, jsonNumber } from './json-access.ts';
import { locateNative } from './native-frames.ts';
import { readOffsetTable } from './offset-table.ts';
import { type InflateOptions, inflateDataset, runReader } from './parse.ts';
import type { ByteReader } from './part10-start.ts';
import { TRANSFER_SYNTAXES } from './transfer-syntaxes.ts';
import type { ParsedInstance, PixelDataInfo } from './types.ts';

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
