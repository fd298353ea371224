import { type DicomJsonObject, jsonNumber, jsonStrings } from '@negatoscope/dicom';
import { JPEG_BASELINE } from '../../../platform/codecs/encodable.ts';

const isDct = (uid: string): boolean => /^1\.2\.840\.10008\.1\.2\.4\.5[0-6]$/.test(uid);

/**
 * Lossy Image Compression, its ratios and methods (PS3.3 C.7.6.1.1.5) after a change of transfer syntax: one step more for JPEG baseline; what was
 * lossy stays so, and says it though the stored dataset forgot to. `ratio` is uncompressed to compressed bytes.
 */
export function lossyFacts(
  json: DicomJsonObject,
  change: { readonly from: string; readonly to: string; readonly ratio: number },
): DicomJsonObject {
  if (change.to !== JPEG_BASELINE) {
    const isSaid = jsonStrings(json, '00282110').length > 0;
    return isSaid || !isDct(change.from) ? {} : { '00282110': { vr: 'CS', Value: ['01'] } };
  }
  const ratios = (json['00282112']?.Value ?? []).filter((value) => typeof value === 'number' || typeof value === 'string');
  return {
    '00282110': { vr: 'CS', Value: ['01'] },
    '00282112': { vr: 'DS', Value: [...ratios, Number(change.ratio.toFixed(3))] },
    '00282114': { vr: 'CS', Value: [...jsonStrings(json, '00282114'), 'ISO_10918_1'] },
  };
}

/** Image Pixel attributes (PS3.3 C.7.6.3) of the result; colour comes by pixel. Offset tables of the old encapsulation go. */
export function pixelFacts(
  json: DicomJsonObject,
  photometricInterpretation: string,
): Record<string, DicomJsonObject[string] | undefined> {
  const samples = jsonNumber(json, '00280002') ?? 1;
  return {
    '00280004': { vr: 'CS', Value: [photometricInterpretation] },
    ...(samples > 1 ? { '00280006': { vr: 'US', Value: [0] } } : {}),
    '7FE00001': undefined,
    '7FE00002': undefined,
    '7FE00003': undefined,
  };
}
