import { EXPLICIT_VR_LITTLE_ENDIAN, frameFormatOf, type ParsedInstance, TRANSFER_SYNTAXES } from '@negatoscope/dicom';
import { isDecodable } from '../../../archive/pixels/index.ts';
import { decodedPhotometric, encodedPhotometric, isNativeTarget } from '../../../platform/codecs/encodable.ts';

/**
 * The transfer syntax in which an instance comes when `wanted` is asked for; undefined when it can't. Without pixels there is nothing to
 * compress: documents come in explicit VR little endian, which compressed datasets are but for their pixels (PS3.5 A.4).
 */
export function targetOf({ json, pixelData, transferSyntaxUid }: ParsedInstance, wanted: string): string | undefined {
  if (wanted === transferSyntaxUid) return wanted;
  const isVideo = TRANSFER_SYNTAXES.get(wanted)?.mediaType.startsWith('video/') === true;
  const isEncapsulated = TRANSFER_SYNTAXES.get(wanted)?.isEncapsulated === true && !isVideo;
  if (pixelData === undefined) {
    if (isNativeTarget(wanted)) return wanted;
    return isEncapsulated ? EXPLICIT_VR_LITTLE_ENDIAN : undefined;
  }
  if (!isDecodable(transferSyntaxUid)) return undefined;
  if (isNativeTarget(wanted)) return wanted;
  const format = frameFormatOf(json, pixelData.tag);
  const picture = { ...format, photometricInterpretation: decodedPhotometric(format, transferSyntaxUid) };
  return encodedPhotometric(picture, wanted) === undefined ? undefined : wanted;
}
