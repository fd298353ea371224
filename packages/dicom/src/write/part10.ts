import type { DicomJsonObject } from '../types.ts';
import { type BulkOptions, dataset, UTF8 } from './dataset.ts';
import { fileMetaInformation, preamble, type Writer } from './file-start.ts';
import { type DatasetPart, FileSink } from './sink.ts';

export interface DatasetWriteOptions extends BulkOptions, Pick<Writer, 'transferSyntaxUid' | 'implementation'> {}

/** A dataset alone in little endian, as messages carry it (PS3.7 6.3): text in UTF-8, no bulk values. Fails with DatasetWriteError. */
export function writeBareDataset(json: DicomJsonObject, { isExplicit }: { readonly isExplicit: boolean }): Uint8Array {
  const sink = new FileSink(isExplicit);
  dataset(sink, { ...json, '00080005': UTF8 }, { bulk: () => undefined });
  const [bytes = new Uint8Array(0)] = sink.parts();
  return bytes instanceof Uint8Array ? bytes : new Uint8Array(0);
}

/**
 * A DICOM file (PS3.10) of a dataset in DICOM JSON: explicit VR little endian, text in UTF-8. Pieces to be sent or kept one after the
 * other, as few as there are bulk values between them. Fails with DatasetWriteError.
 */
export function writeDataset(json: DicomJsonObject, options: DatasetWriteOptions): DatasetPart[] {
  const sink = new FileSink();
  sink.put(preamble());
  for (const bytes of fileMetaInformation(json, options)) sink.put(bytes);
  dataset(sink, { ...json, '00080005': UTF8 }, options);
  return sink.parts();
}
