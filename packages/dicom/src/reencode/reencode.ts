import { readerBehind } from '../behind-pixels.ts';
import { concat } from '../concat.ts';
import { DatasetReader } from '../dataset-reader.ts';
import { DicomError } from '../errors.ts';
import { leavePixelData } from '../leave-pixels.ts';
import { drive, type OpenDataset, openDataset } from '../part10.ts';
import type { ByteReader } from '../part10-start.ts';
import type { ByteSpace, DicomJsonObject, ParseOptions, PixelDataInfo } from '../types.ts';
import { fileMetaInformation, preamble } from '../write/file-start.ts';
import { DatasetWriter, mark, openHeader, type ReencodedPiece, type Replacements } from './dataset-writer.ts';

export interface ReencodeOptions {
  /** Of the result: little endian, explicit VR unless it is Implicit VR Little Endian. */
  readonly transferSyntaxUid: string;
  readonly isExplicit: boolean;
  readonly replacements: Replacements;
  /** (0002,0012) and (0002,0013). */
  readonly implementation: { readonly classUid: string; readonly version: string };
}

export interface ReencodedFile {
  /** From the preamble, which is zeros, to the last byte before Pixel Data, or of the dataset when it has none. */
  readonly pieces: readonly ReencodedPiece[];
  /** Where the runs of the pieces and `pixelData` are. */
  readonly space: ByteSpace;
  /** First byte of the dataset in the file that was read. */
  readonly datasetOffset: number;
  readonly pixelData: PixelDataInfo | undefined;
  /** The elements behind Pixel Data. */
  readonly behind: readonly ReencodedPiece[];
}

/**
 * Writes a file (PS3.10) in another transfer syntax up to its Pixel Data, which the caller puts behind it (`pixelDataHeader`). Values of the
 * dataset are kept byte for byte but for their order; file meta information is made anew, group lengths (retired) are left out. Fails and recovers as `part10Reader` does; a damaged structure comes out whole. Fragments other than Pixel Data fail with
 * UNSUPPORTED_TRANSFER_SYNTAX where the result is implicit VR.
 */
export function* reencodePart10(
  sizeBytes: number,
  options: ReencodeOptions,
  limits: ParseOptions = {},
): ByteReader<ReencodedFile> {
  const opened = yield* openDataset(sizeBytes, limits);
  const { window, syntax, limits: bounds, log } = opened;
  const sink = new DatasetWriter(options.isExplicit, options.replacements);
  const reader = new DatasetReader(window, { encoding: syntax.encoding, limits: bounds, log, sink });
  yield* drive(reader, window);
  sink.finish();
  const start = [preamble(), ...fileMetaInformation(named(reader.json), options)];
  return {
    pieces: [...start.map((bytes) => ({ bytes })), ...sink.pieces],
    space: window.space,
    datasetOffset: opened.datasetOffset,
    pixelData: reader.pixelData,
    behind: reader.pixelData === undefined ? [] : yield* piecesBehind(opened, reader.pixelData, { json: reader.json, options }),
  };
}

/** What stands behind Pixel Data, if it is whole: a part of an element is none. */
function* piecesBehind(
  opened: OpenDataset,
  pixels: PixelDataInfo,
  { json, options }: { json: DicomJsonObject; options: ReencodeOptions },
): ByteReader<readonly ReencodedPiece[]> {
  if (!(yield* leavePixelData(opened.window, pixels))) return [];
  const sink = new DatasetWriter(options.isExplicit, new Map());
  try {
    yield* drive(readerBehind(opened, pixels, { json, sink }), opened.window);
  } catch (error) {
    if (!(error instanceof DicomError)) throw error;
    return [];
  }
  sink.finish();
  return sink.pieces;
}

/** UIDs as group 0002 repeats them; a value that is none is left empty. */
function named(json: DicomJsonObject): DicomJsonObject {
  const text = (tag: string): DicomJsonObject => {
    const first = json[tag]?.Value?.[0];
    return typeof first === 'string' ? { [tag]: { vr: 'UI', Value: [first] } } : {};
  };
  return { ...text('00080016'), ...text('00080018') };
}

/**
 * What stands between the last element before Pixel Data and its bytes: for native pixels the header with their length, for encapsulated ones
 * also the Basic Offset Table (PS3.5 A.4), which is empty when the offsets of 32 bits don't reach.
 */
export function pixelDataHeader(
  { tag, vr, isExplicit }: { tag: string; vr: string; isExplicit: boolean },
  content: { readonly length: number } | { readonly fragmentLengths: readonly number[] },
): Uint8Array {
  const header = openHeader(Number.parseInt(tag, 16), vr, { isExplicit, littleEndian: true });
  const view = new DataView(header.buffer);
  if ('length' in content) {
    view.setUint32(header.length - 4, content.length, true);
    return header;
  }
  const offsets: number[] = [];
  let at = 0;
  for (const length of content.fragmentLengths) {
    offsets.push(at);
    at += length + 8;
  }
  const table = new Uint8Array(at > 0xffff_ffff ? 0 : offsets.length * 4);
  const tableView = new DataView(table.buffer);
  if (table.length > 0) for (const [index, offset] of offsets.entries()) tableView.setUint32(index * 4, offset, true);
  return concat([header, mark(0xfffee000, table.length), table]);
}

/** Header of the one fragment that a frame is. */
export const fragmentHeader = (length: number): Uint8Array => mark(0xfffee000, length);
/** What ends encapsulated Pixel Data. */
export const fragmentsEnd = (): Uint8Array => mark(0xfffee0dd);
