import { DatasetReader } from '../dataset-reader.ts';
import { jsonString } from '../json-access.ts';
import { pixelWordBytes } from '../native-frames.ts';
import { drive, type OpenDataset, openDataset } from '../part10.ts';
import type { ByteReader } from '../part10-start.ts';
import type { ReencodedPiece } from '../reencode/dataset-writer.ts';
import { pixelDataHeader } from '../reencode/reencode.ts';
import { EXPLICIT_VR_LITTLE_ENDIAN, TRANSFER_SYNTAXES } from '../transfer-syntaxes.ts';
import type { BulkDataRef, DicomJsonObject, ParseOptions, PixelDataInfo } from '../types.ts';
import { writeDataset } from '../write/part10.ts';
import { clearedPixels } from './clear-pixels.ts';
import { deidentifyDataset } from './dataset.ts';
import { bulkAddresses, withoutNamedBulk } from './file-values.ts';
import { namingWords } from './identity.ts';
import { type DecodedPixels, decidedAttributes, decodedHeader } from './mask/decided.ts';
import { isNativeNamed } from './named-native.ts';
import { pixelDataEnd } from './pixel-end.ts';
import { type DeidAction, type DeidFile, type DeidFileRequest, type DeidProfile, DeidRefusal } from './types.ts';

/** Tables of offsets are those of the fragments that are written, or none. */
const FIRST_PIXELS = '7FE00000';
/** Contours and other lists of numbers are read, not passed by: what is not read is not kept. */
const TEXT_THRESHOLD = 16_777_216;

/**
 * De-identifies a file (PS3.10). The header is written anew, explicit VR little endian and UTF-8, with a file meta information and a preamble of its own;
 * the bytes of Pixel Data are runs of what was read, never decoded; compressed frames have nothing beside the pixels (`clearedPixels`). What stands behind
 * Pixel Data is left out. What a person has decided of the pixels is said (`DecidedPixels`). Driven as `part10Reader`, which says how it fails for what is no DICOM; fails with DeidRefusal for what must not leave.
 */
export function* deidentifyPart10(sizeBytes: number, request: DeidFileRequest, limits: ParseOptions = {}): ByteReader<DeidFile> {
  const opened = yield* openDataset(sizeBytes, { textThresholdBytes: TEXT_THRESHOLD, ...limits });
  const { window, syntax, limits: bounds, log } = opened;
  const known = TRANSFER_SYNTAXES.get(syntax.uid);
  if (known === undefined) throw new DeidRefusal('WAVEFORM_OR_OTHER');
  const reader = new DatasetReader(window, { encoding: syntax.encoding, limits: bounds, log });
  yield* drive(reader, window);
  const { json, pixelData } = reader;
  const { profile, cleared } = cleaned(request);
  const { output: whole, actions, codes } = deidentifyDataset(json, profile, request.substitutes);
  const header = Object.fromEntries(Object.entries(whole).filter(([tag]) => tag < FIRST_PIXELS));
  const naming = namingWords(json);
  const { output: kept, removed } = yield* withoutNamedBulk(window, header, { refs: log.bulkData, naming });
  const decoded = request.decided?.decoded;
  const pixels =
    decoded === undefined
      ? yield* pixelsOf(opened, { json, pixelData, sizeBytes, naming, isLookedAt: request.decided !== undefined })
      : { pieces: [{ bytes: decodedHeader(decoded) }], tables: {}, actions: [] };
  const isEncapsulated = pixelData?.encapsulated === true && decoded === undefined;
  const transferSyntaxUid = isEncapsulated ? syntax.uid : EXPLICIT_VR_LITTLE_ENDIAN;
  const said = { original: json, output: kept, transferSyntaxUid: syntax.uid };
  const output = request.decided === undefined ? kept : { ...kept, ...decidedAttributes(request.decided, said) };
  const head = headPieces({ ...output, ...pixels.tables }, log.bulkData, { transferSyntaxUid, ...request });
  const pieces = [...head, ...pixels.pieces];
  return {
    pieces,
    space: window.space,
    datasetOffset: opened.datasetOffset,
    sizeBytes: pieces.reduce((sum, piece) => sum + ('bytes' in piece ? piece.bytes.length : piece.length), evenOf(decoded)),
    transferSyntaxUid,
    sopClassUid: jsonString(output, '00080016') ?? '',
    sopInstanceUid: jsonString(output, '00080018') ?? '',
    output: { ...output, ...pixels.tables },
    original: json,
    actions: [...actions, ...removed, ...pixels.actions, ...cleared],
    codes,
  };
}

/** What a person masked is said by its code (PS3.15 E.3.1), and which action that was. */
function cleaned({ profile, decided }: DeidFileRequest): { profile: DeidProfile; cleared: readonly DeidAction[] } {
  if (decided === undefined) return { profile, cleared: [] };
  const isMasked = decided.done === 'masked';
  const options = isMasked ? new Set([...profile.options, 'cleanPixelData' as const]) : profile.options;
  const done: DeidAction = { path: '7FE00010', done: isMasked ? 'cleaned' : 'kept', rule: 'person' };
  return { profile: { ...profile, options }, cleared: [done] };
}

interface WrittenPixels {
  readonly pieces: readonly ReencodedPiece[];
  readonly tables: DicomJsonObject;
  readonly actions: readonly DeidAction[];
}

const evenOf = (decoded: DecodedPixels | undefined): number =>
  decoded === undefined ? 0 : decoded.sizeBytes + (decoded.sizeBytes % 2);

interface ReadPixels {
  readonly json: DicomJsonObject;
  readonly pixelData: PixelDataInfo | undefined;
  readonly sizeBytes: number;
  /** Words that name the patient. */
  readonly naming: ReadonlySet<string>;
  /** A person has seen what the pixels show: of native ones, all that there is. */
  readonly isLookedAt: boolean;
}

/** Pixel Data as they are written. */
function* pixelsOf(
  { window, syntax, log, meta, hasPreamble, hasMeta, datasetOffset }: OpenDataset,
  { json, pixelData, sizeBytes, naming, isLookedAt }: ReadPixels,
): ByteReader<WrittenPixels> {
  if (pixelData === undefined) return { pieces: [], tables: {}, actions: [] };
  const end = yield* pixelDataEnd(window, pixelData, window.end ?? Number.POSITIVE_INFINITY);
  const path = pixelData.tag;
  if (!pixelData.encapsulated && !isLookedAt && (yield* isNativeNamed(window, { begin: pixelData.offset, end }, naming, json)))
    throw new DeidRefusal('NAME_IN_PIXELS');
  if (!pixelData.encapsulated)
    return { pieces: nativePieces(json, pixelData, end), tables: {}, actions: [{ path, done: 'kept', rule: 'behindPixels' }] };
  const { bulkData, warnings } = log;
  const start = { hasPreamble, hasMeta, fileMeta: meta, transferSyntaxUid: syntax.uid, datasetOffset };
  const { pieces, tables, isChanged } = yield* clearedPixels(
    { ...start, json, bulkData, warnings, pixelData },
    sizeBytes,
    naming,
  );
  const done: DeidAction = isChanged
    ? { path, done: 'cleaned', rule: 'jpegComment' }
    : { path, done: 'kept', rule: 'behindPixels' };
  return { pieces, tables, actions: [done] };
}

/** All before Pixel Data; large technical values are runs of what was read. */
function headPieces(
  output: DicomJsonObject,
  bulkData: readonly BulkDataRef[],
  { transferSyntaxUid, implementation }: DeidFileRequest & { readonly transferSyntaxUid: string },
): ReencodedPiece[] {
  const wanted = bulkAddresses(output);
  const refs = new Map(bulkData.map((ref) => [`${ref.path}`, ref]));
  const byUri = new Map([...wanted].map(([path, uri]) => [uri, refs.get(path)]));
  const bulk = (uri: string): readonly number[] | undefined => {
    const length = byUri.get(uri)?.length;
    return length === undefined ? undefined : [length];
  };
  return writeDataset(output, { transferSyntaxUid, implementation, bulk }).map((part): ReencodedPiece => {
    if (part instanceof Uint8Array) return { bytes: part };
    const ref = byUri.get(part.bulk);
    return { offset: ref?.offset ?? 0, length: part.length, swapWordBytes: ref?.bigEndian === true ? ref.wordBytes : 1 };
  });
}

/** Header and bytes of native Pixel Data, made little endian and even. */
function nativePieces(json: DicomJsonObject, { tag, vr, offset, bigEndian }: PixelDataInfo, end: number): ReencodedPiece[] {
  const length = end - offset;
  const written = vr === 'UN' ? 'OW' : vr;
  const header = pixelDataHeader({ tag, vr: written, isExplicit: true }, { length: length + (length % 2) });
  const run = { offset, length, swapWordBytes: bigEndian ? pixelWordBytes({ json }, { vr }) : 1 };
  return [{ bytes: header }, ...(length === 0 ? [] : [run]), ...(length % 2 === 0 ? [] : [{ bytes: new Uint8Array(1) }])];
}
