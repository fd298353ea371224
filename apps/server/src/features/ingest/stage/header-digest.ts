import {
  type ByteReader,
  DicomError,
  type DicomJsonObject,
  encodeFrameTable,
  type FrameTable,
  frameLocator,
  isStorableUid,
  jsonString,
  type ParsedInstance,
  type ParseOptions,
  part10Reader,
  withElementsBehindPixels,
} from '@negatoscope/dicom';
import { Rejection } from '../rejection.ts';
import type { HeaderDigest, NamedInstance } from '../types.ts';
import { deflatedJson } from './deflated-json.ts';
import { announcedInstances, isDicomdir } from './dicomdir.ts';
import { summarise } from './summary.ts';

/** Of one header: bytes of its values, and elements at any depth. */
export type HeaderLimits = Pick<ParseOptions, 'maxHeaderBytes' | 'maxElements'>;

const SOP_CLASS = '00080016';

/** A larger frame table stays out of the row: readers then locate the frames again. */
const MAX_ROW_TABLE_BYTES = 64 * 1024;

/**
 * Reads a file's header, its index data and where its frames are. Runs on threads beside the server's own: a writer's for ordinary headers,
 * a killable one for deflated and oversized ones. What can't be read or kept is `refused`, with the names that the file gives itself.
 */
export function* headerDigest(sizeBytes: number, limits: HeaderLimits): ByteReader<HeaderDigest> {
  let json: DicomJsonObject = {};
  try {
    const parsed = withSopClass(yield* part10Reader(sizeBytes, limits));
    json = parsed.json;
    return yield* digestOf(parsed, sizeBytes, limits);
  } catch (error) {
    if (error instanceof DicomError) return { kind: 'refused', code: error.code, named: namesIn(error.partial ?? json) };
    if (error instanceof Rejection) return { kind: 'refused', code: error.code, named: namesIn(json) };
    throw error;
  }
}

/** A dataset without SOP Class UID is of the class that the file names (PS3.10 7.1: (0002,0002) repeats it). */
function withSopClass(parsed: ParsedInstance): ParsedInstance {
  const sopClassUid = jsonString(parsed.fileMeta, '00020002');
  if (sopClassUid === undefined || jsonString(parsed.json, SOP_CLASS) !== undefined) return parsed;
  const elements = Object.entries(parsed.json).filter(([tag]) => tag !== SOP_CLASS);
  const later = elements.findIndex(([tag]) => tag > SOP_CLASS);
  elements.splice(later < 0 ? elements.length : later, 0, [SOP_CLASS, { vr: 'UI', Value: [sopClassUid] }]);
  return { ...parsed, json: Object.fromEntries(elements) };
}

/** Of the dataset, else of the file meta information, which a broken file's `partial` holds too. */
function namesIn(json: DicomJsonObject): NamedInstance {
  const uidOf = (...tags: string[]): string | undefined =>
    tags.map((tag) => jsonString(json, tag)).find((uid) => uid !== undefined && isStorableUid(uid));
  const sopClassUid = uidOf(SOP_CLASS, '00020002');
  const sopInstanceUid = uidOf('00080018', '00020003');
  return { ...(sopClassUid === undefined ? {} : { sopClassUid }), ...(sopInstanceUid === undefined ? {} : { sopInstanceUid }) };
}

function* digestOf(parsed: ParsedInstance, sizeBytes: number, limits: HeaderLimits): ByteReader<HeaderDigest> {
  if (isDicomdir(parsed))
    return {
      kind: 'dicomdir',
      announced: announcedInstances(parsed.json),
      named: namesIn({ ...parsed.fileMeta, ...parsed.json }),
    };
  const table = yield* locate(parsed, sizeBytes);
  const announced = parsed.pixelData === undefined ? 0 : (table?.announced ?? 1);
  const summary = summarise(parsed, table === undefined ? announced : table.count || announced);
  if (table?.warnings.includes('PIXEL_DATA_TRUNCATED')) throw new Rejection('TRUNCATED');
  const whole = yield* withElementsBehindPixels(parsed, sizeBytes, { table, options: limits });
  const json = deflatedJson(whole.json);
  return { kind: 'instance', datasetOffset: parsed.datasetOffset, summary, json, frameTable: rowTable(table) };
}

/** Frames that can't be located keep nobody from storing the instance: its frames answer an error of their own later. */
function* locate(parsed: ParsedInstance, sizeBytes: number): ByteReader<FrameTable | undefined> {
  if (parsed.pixelData === undefined) return undefined;
  try {
    return yield* frameLocator(parsed, sizeBytes);
  } catch (error) {
    if (!(error instanceof DicomError)) throw error;
    if (error.code === 'TRUNCATED') throw new Rejection('TRUNCATED');
    return undefined;
  }
}

function rowTable(table: FrameTable | undefined): Uint8Array | null {
  if (table === undefined || table.kind === 'none') return null;
  const encoded = encodeFrameTable(table);
  return encoded.byteLength <= MAX_ROW_TABLE_BYTES ? encoded : null;
}
