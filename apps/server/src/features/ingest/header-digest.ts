import { deflateRawSync } from 'node:zlib';
import {
  type ByteReader,
  DicomError,
  encodeFrameTable,
  type FrameTable,
  frameLocator,
  type ParsedInstance,
  part10Reader,
} from '@negatoscope/dicom';
import { announcedInstances, isDicomdir } from './dicomdir.ts';
import { Rejection } from './rejection.ts';
import { summarise } from './summary.ts';
import type { HeaderDigest } from './types.ts';

/** A small window: what is compressed is small, and setting up a large one would take longer than using it. */
const SMALL = { windowBits: 14, memLevel: 7, level: 3 };

/** A larger frame table stays out of the row: readers then locate the frames again. */
const MAX_ROW_TABLE_BYTES = 64 * 1024;

/**
 * Reads a file's header, its index data and where its frames are. Runs on threads beside the server's own: a writer's for ordinary headers,
 * a killable one for deflated and oversized ones. Fails with DicomError or Rejection.
 */
export function* headerDigest(sizeBytes: number, maxHeaderBytes: number): ByteReader<HeaderDigest> {
  const parsed = yield* part10Reader(sizeBytes, { maxHeaderBytes });
  if (isDicomdir(parsed)) return { kind: 'dicomdir', announced: announcedInstances(parsed.json) };
  const table = yield* locate(parsed, sizeBytes);
  const announced = parsed.pixelData === undefined ? 0 : (table?.announced ?? 1);
  const summary = summarise(parsed, table === undefined ? announced : table.count || announced);
  if (table?.warnings.includes('PIXEL_DATA_TRUNCATED')) throw new Rejection('TRUNCATED');
  const json = deflateRawSync(JSON.stringify(parsed.json), SMALL);
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
