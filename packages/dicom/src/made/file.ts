import { concat } from '../concat.ts';
import { EXPLICIT_VR_LITTLE_ENDIAN } from '../transfer-syntaxes.ts';
import type { DicomJsonObject } from '../types.ts';
import { writeDataset } from '../write/part10.ts';
import type { MadeInstance } from './common.ts';

/** The file, explicit VR little endian; `bulk` are the bytes that elements name by a BulkDataURI. Fails with DatasetWriteError. */
export function fileOf(made: MadeInstance, json: DicomJsonObject, bulk: Readonly<Record<string, Uint8Array>> = {}): Uint8Array {
  const parts = writeDataset(json, {
    transferSyntaxUid: EXPLICIT_VR_LITTLE_ENDIAN,
    implementation: made.implementation,
    bulk: (uri) => (bulk[uri] === undefined ? undefined : [bulk[uri].length]),
  }).map((part) => (part instanceof Uint8Array ? part : (bulk[part.bulk] ?? new Uint8Array(0))));
  return concat(parts);
}
