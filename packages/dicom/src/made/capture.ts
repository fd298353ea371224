import type { DicomJsonObject } from '../types.ts';
import { commonOf, type MadeInstance } from './common.ts';
import { derivationOf, type MadeDerivation } from './derivation.ts';
import { empty, text } from './elements.ts';
import { fileOf } from './file.ts';

export interface MadeCapture extends MadeInstance {
  readonly rows: number;
  readonly columns: number;
  /** Gray (1 byte a pixel) or red, green, blue (3), row after row. */
  readonly pixels: Uint8Array;
  /** What it was made of, by which program, and how that is said. */
  readonly derived?: MadeDerivation;
}

/** A Secondary Capture image of 8 bits (PS3.3 A.8.1); burned-in text is assumed. Fails with DatasetWriteError, and RangeError for pixels of another size. */
export function secondaryCaptureImage(capture: MadeCapture): Uint8Array {
  const { rows, columns, pixels, derived } = capture;
  const samples = pixels.length / (rows * columns);
  if (samples !== 1 && samples !== 3) throw new RangeError('The pixels are not of this size.');
  const json: DicomJsonObject = {
    ...commonOf(capture, '1.2.840.10008.5.1.4.1.1.7', 'OT'),
    '00080008': text('CS', 'DERIVED', 'SECONDARY', ...(derived === undefined ? [] : ['OTHER', derived.kind])),
    '00080064': text('CS', 'WSD'),
    '00200020': empty('CS'),
    '00280002': { vr: 'US', Value: [samples] },
    '00280004': text('CS', samples === 1 ? 'MONOCHROME2' : 'RGB'),
    ...(samples === 1 ? {} : { '00280006': { vr: 'US', Value: [0] } }),
    '00280010': { vr: 'US', Value: [rows] },
    '00280011': { vr: 'US', Value: [columns] },
    '00280100': { vr: 'US', Value: [8] },
    '00280101': { vr: 'US', Value: [8] },
    '00280102': { vr: 'US', Value: [7] },
    '00280103': { vr: 'US', Value: [0] },
    '00280301': text('CS', 'YES'),
    ...(derived === undefined ? {} : derivationOf(derived)),
    '7FE00010': { vr: 'OB', BulkDataURI: 'pixels' },
  };
  return fileOf(capture, json, { pixels });
}
