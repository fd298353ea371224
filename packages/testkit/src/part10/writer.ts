import { deflateRawSync } from 'node:zlib';
import type { Dataset } from './dataset.ts';
import { type EncodeOptions, encodeElements } from './elements.ts';
import { layoutOf } from './transfer-syntax.ts';

const EXPLICIT_LITTLE_ENDIAN = { isExplicit: true, isBigEndian: false, isDeflated: false };
const IMPLEMENTATION_CLASS_UID = '2.25.230104847162835497560173920461128840217';

export interface WriteOptions extends EncodeOptions {
  readonly transferSyntaxUid: string;
  /** False leaves out the 128 bytes and "DICM". */
  readonly preamble?: boolean;
  /** False leaves out group 0002. */
  readonly meta?: boolean;
  /** Elements of group 0002 to replace, add, or (undefined) leave out, FileMetaInformationGroupLength included. */
  readonly metaElements?: Dataset;
  /** The data set is laid out by this syntax though the meta information names the other, for files that lie. */
  readonly actualTransferSyntaxUid?: string;
  /** The file is cut after this many bytes; negative counts from the end. */
  readonly truncateAt?: number;
  /** Bytes after the last element. */
  readonly trailingBytes?: Uint8Array;
}

function encodeMeta(dataset: Dataset, options: WriteOptions): Uint8Array {
  const meta: Dataset = {
    FileMetaInformationVersion: Uint8Array.of(0, 1),
    MediaStorageSOPClassUID: dataset.SOPClassUID,
    MediaStorageSOPInstanceUID: dataset.SOPInstanceUID,
    TransferSyntaxUID: options.transferSyntaxUid,
    ImplementationClassUID: IMPLEMENTATION_CLASS_UID,
    ImplementationVersionName: 'TESTKIT',
    ...options.metaElements,
  };
  const { FileMetaInformationGroupLength: given, ...rest } = meta;
  const body = Buffer.concat(encodeElements(rest, EXPLICIT_LITTLE_ENDIAN));
  if (options.metaElements && 'FileMetaInformationGroupLength' in options.metaElements && given === undefined) return body;
  const head = encodeElements({ FileMetaInformationGroupLength: given ?? body.length }, EXPLICIT_LITTLE_ENDIAN);
  return Buffer.concat([...head, body]);
}

/**
 * Writes a DICOM file: preamble, meta information, data set (PS3.10 7.1). The data set maps PS3.6 keywords or 8-digit tags to values, or to
 * `{ vr, value }`. Text follows SpecificCharacterSet for ISO_IR 192 and ISO_IR 100; other sets are given as bytes.
 * Nothing is checked beyond what the encoding needs, so that wrong files can be made on purpose.
 */
export function writePart10(dataset: Dataset, options: WriteOptions): Uint8Array {
  const parts: Uint8Array[] = [];
  if (options.preamble !== false) parts.push(new Uint8Array(128), Buffer.from('DICM', 'latin1'));
  if (options.meta !== false) parts.push(encodeMeta(dataset, options));
  const layout = layoutOf(options.actualTransferSyntaxUid ?? options.transferSyntaxUid);
  const chunks = encodeElements(dataset, layout, options);
  if (layout.isDeflated) {
    const deflated = deflateRawSync(Buffer.concat(chunks));
    // A single pad byte makes the file even (PS3.5 A.5).
    parts.push(deflated, new Uint8Array(deflated.length % 2));
  } else for (const chunk of chunks) parts.push(chunk);
  if (options.trailingBytes) parts.push(options.trailingBytes);
  // A copy in a buffer of its own: small ones of Buffer.concat share a pool, which a test that mutates or transfers bytes would damage.
  const file = new Uint8Array(Buffer.concat(parts));
  return options.truncateAt === undefined ? file : file.slice(0, options.truncateAt);
}
