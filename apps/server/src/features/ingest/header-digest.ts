import { promisify } from 'node:util';
import { deflateRaw, deflateRawSync } from 'node:zlib';
import {
  type ByteReader,
  type ByteRequest,
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

const deflateBeside = promisify(deflateRaw);
/** Below, another thread costs more than it saves. */
const SYNC_CHARACTERS = 32_768;
/** A small window: what is compressed is small, and setting up a large one would take longer than using it. */
const SMALL = { windowBits: 14, memLevel: 7 };
const deflate = (text: string): Promise<Buffer> | Buffer =>
  text.length < SYNC_CHARACTERS ? deflateRawSync(text, SMALL) : deflateBeside(text);

/** A larger frame table stays out of the row: readers then locate the frames again. */
const MAX_ROW_TABLE_BYTES = 64 * 1024;

/** Answers the requests of packages/dicom's readers. */
export type Supply = (request: ByteRequest) => Promise<Uint8Array>;

async function drive<T>(reader: ByteReader<T>, supply: Supply): Promise<T> {
  let step = reader.next();
  while (!step.done) step = reader.next(await supply(step.value));
  return step.value;
}

/**
 * Reads a file's header, its index data and where its frames are. Runs in the server for ordinary headers, in a worker thread for
 * deflated and oversized ones. Fails with DicomError or Rejection.
 */
export async function digestHeader(sizeBytes: number, supply: Supply, maxHeaderBytes: number): Promise<HeaderDigest> {
  const parsed = await drive(part10Reader(sizeBytes, { maxHeaderBytes }), supply);
  if (isDicomdir(parsed)) return { kind: 'dicomdir', announced: announcedInstances(parsed.json) };
  const table = await locate(parsed, sizeBytes, supply);
  const announced = parsed.pixelData === undefined ? 0 : (table?.announced ?? 1);
  const summary = summarise(parsed, table === undefined ? announced : table.count || announced);
  if (table?.warnings.includes('PIXEL_DATA_TRUNCATED')) throw new Rejection('TRUNCATED');
  const json = await deflate(JSON.stringify(parsed.json));
  return { kind: 'instance', datasetOffset: parsed.datasetOffset, summary, json, frameTable: rowTable(table) };
}

/** Frames that can't be located keep nobody from storing the instance: its frames answer an error of their own later. */
async function locate(parsed: ParsedInstance, sizeBytes: number, supply: Supply): Promise<FrameTable | undefined> {
  if (parsed.pixelData === undefined) return undefined;
  try {
    return await drive(frameLocator(parsed, sizeBytes), supply);
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
