import { charsetOf } from './charset-terms.ts';
import { DatasetReader } from './dataset-reader.ts';
import type { DatasetSink } from './dataset-sink.ts';
import { DicomError } from './errors.ts';
import type { FrameTable } from './frame-table.ts';
import { jsonStrings } from './json-access.ts';
import { HEADER_BYTES, leavePixelData } from './leave-pixels.ts';
import { drive, type OpenDataset, openDataset } from './part10.ts';
import type { ByteReader } from './part10-start.ts';
import type { DicomJsonObject, ParsedInstance, ParseOptions, PixelDataInfo } from './types.ts';

/** Where the last fragment that a frame table knows ends; undefined for other Pixel Data. */
function lastFragmentEnd(table: FrameTable | undefined): number | undefined {
  if (table?.kind !== 'encapsulated') return undefined;
  const last = table.fragmentOffsets.length - 1;
  const [offset, length] = [table.fragmentOffsets[last], table.fragmentLengths[last]];
  return offset === undefined || length === undefined ? undefined : offset + length + (length % 2);
}

/** A reader of what stands behind Pixel Data, where the window is now; it ends at whatever is no further element. */
export function readerBehind(
  { window, syntax, limits, log }: OpenDataset,
  pixels: PixelDataInfo,
  { json, sink }: { json: DicomJsonObject; sink?: DatasetSink },
): DatasetReader {
  const charset = charsetOf(jsonStrings(json, '00080005').join('\\'));
  const above = Number.parseInt(pixels.tag, 16);
  const { encoding } = syntax;
  return new DatasetReader(window, { encoding, limits, log, charset, above, ...(sink === undefined ? {} : { sink }) });
}

/**
 * The instance with the elements that stand behind its Pixel Data (private groups, Digital Signatures Sequence; PS3.5 7.1 orders by tag only). `table`
 * saves the way over the fragments. Never fails for what is found there: elements that are whole are taken, Data Set Trailing Padding
 * and bytes that are no elements are not.
 */
export function* withElementsBehindPixels(
  parsed: ParsedInstance,
  sizeBytes: number,
  { table, options = {} }: { table?: FrameTable | undefined; options?: ParseOptions } = {},
): ByteReader<ParsedInstance> {
  const { pixelData } = parsed;
  const from = lastFragmentEnd(table);
  const isEnd = pixelData?.space === 'file' && endOf(pixelData, from) + HEADER_BYTES > sizeBytes;
  if (pixelData === undefined || isEnd) return parsed;
  const opened = yield* openDataset(sizeBytes, options);
  if (!(yield* leavePixelData(opened.window, pixelData, from))) return parsed;
  const reader = readerBehind(opened, pixelData, parsed);
  try {
    yield* drive(reader, opened.window);
  } catch (error) {
    if (!(error instanceof DicomError)) throw error;
  }
  return { ...parsed, json: { ...parsed.json, ...reader.json }, bulkData: [...parsed.bulkData, ...opened.log.bulkData] };
}

const endOf = ({ offset, length }: PixelDataInfo, lastFragment: number | undefined): number =>
  length === undefined ? (lastFragment === undefined ? offset : lastFragment + HEADER_BYTES) : offset + length;
