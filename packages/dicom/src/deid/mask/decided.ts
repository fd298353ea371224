import { jsonNumber, jsonString, jsonStrings } from '../../json-access.ts';
import type { FrameFormat } from '../../pixels/frame-format.ts';
import { pixelDataHeader } from '../../reencode/reencode.ts';
import { TRANSFER_SYNTAXES } from '../../transfer-syntaxes.ts';
import type { DicomJsonElement, DicomJsonObject } from '../../types.ts';

/** Frames that are written native in the place of compressed ones, as `decodeFrame` gives them; pixels of one bit are packed. */
export interface DecodedPixels {
  readonly format: Pick<
    FrameFormat,
    'samplesPerPixel' | 'photometricInterpretation' | 'bitsAllocated' | 'bitsStored' | 'highBit' | 'pixelRepresentation'
  >;
  /** Of all frames together. */
  readonly sizeBytes: number;
}

/** What a person has said of the pixels of a file after looking at them. */
export interface DecidedPixels {
  readonly done: 'masked' | 'accepted';
  /** Of compressed pixels that are masked, or of whose stream nothing is to leave. The writer leaves them out: they are the caller's to write behind the pieces, and a zero where `sizeBytes` is odd. */
  readonly decoded?: DecodedPixels;
}

const CREATED_BY = 'Burned-in text made black by a person';

/** Image Type of a picture whose pixels were changed (PS3.3 C.7.6.1.1.2). */
function derivedType(output: DicomJsonObject): DicomJsonElement {
  const [, second = 'PRIMARY', ...others] = jsonStrings(output, '00080008');
  return { vr: 'CS', Value: ['DERIVED', second, ...others] };
}

const us = (value: number): DicomJsonElement => ({ vr: 'US', Value: [value] });

/** How native pixels are described (PS3.3 C.7.6.3.1). What shares chrominance in a stream shares none once it is decoded. */
function described({ format }: DecodedPixels): DicomJsonObject {
  const { samplesPerPixel, photometricInterpretation: name, bitsAllocated, bitsStored, highBit, pixelRepresentation } = format;
  return {
    '00280002': us(samplesPerPixel),
    '00280004': { vr: 'CS', Value: [name.startsWith('YBR') ? 'YBR_FULL' : name] },
    ...(samplesPerPixel > 1 ? { '00280006': us(0) } : {}),
    '00280100': us(bitsAllocated),
    '00280101': us(bitsStored),
    '00280102': us(highBit),
    '00280103': us(pixelRepresentation),
  };
}

/** Lossy once, lossy for ever (PS3.3 C.7.6.1.1.5). */
const wasLossy = (original: DicomJsonObject, transferSyntaxUid: string): boolean =>
  jsonString(original, '00282110') === '01' || TRANSFER_SYNTAXES.get(transferSyntaxUid)?.isLossy === true;

/**
 * What a file says of pixels that somebody looked at (PS3.15 E.3.1): Burned In Annotation NO; of masked ones that they are derived, and how they are written
 * now. `output` is what would be written without.
 */
export function decidedAttributes(
  { done, decoded }: DecidedPixels,
  { original, output, transferSyntaxUid }: { original: DicomJsonObject; output: DicomJsonObject; transferSyntaxUid: string },
): DicomJsonObject {
  const masked: DicomJsonObject =
    done === 'masked' ? { '00080008': derivedType(output), '00082111': { vr: 'ST', Value: [CREATED_BY] } } : {};
  const lossy: DicomJsonObject =
    decoded !== undefined && wasLossy(original, transferSyntaxUid) ? { '00282110': { vr: 'CS', Value: ['01'] } } : {};
  return { ...masked, ...lossy, ...(decoded === undefined ? {} : described(decoded)), '00280301': { vr: 'CS', Value: ['NO'] } };
}

/** The header of Pixel Data whose frames the caller writes. */
export function decodedHeader({ format, sizeBytes }: DecodedPixels): Uint8Array {
  const vr = format.bitsAllocated <= 8 ? 'OB' : 'OW';
  return pixelDataHeader({ tag: '7FE00010', vr, isExplicit: true }, { length: sizeBytes + (sizeBytes % 2) });
}

/** Whether frames stand as they are shown: what shares chrominance between pixels (YBR_FULL_422 and its like) is decoded before it is masked. */
export const canPaintNative = (json: DicomJsonObject): boolean => {
  const name = jsonString(json, '00280004') ?? '';
  return !name.startsWith('YBR_') || name === 'YBR_FULL' || jsonNumber(json, '00280002') !== 3;
};
