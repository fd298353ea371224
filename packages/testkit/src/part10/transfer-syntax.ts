/** Transfer syntaxes the writer encodes itself, or labels encapsulated data with (PS3.6 Annex A). */
export const TransferSyntax = {
  implicitVrLittleEndian: '1.2.840.10008.1.2',
  explicitVrLittleEndian: '1.2.840.10008.1.2.1',
  deflatedExplicitVrLittleEndian: '1.2.840.10008.1.2.1.99',
  explicitVrBigEndian: '1.2.840.10008.1.2.2',
  jpegBaseline: '1.2.840.10008.1.2.4.50',
  jpegLossless: '1.2.840.10008.1.2.4.70',
  jpegLsLossless: '1.2.840.10008.1.2.4.80',
  jpeg2000Lossless: '1.2.840.10008.1.2.4.90',
  rleLossless: '1.2.840.10008.1.2.5',
} as const;

export const SopClass = {
  computedRadiography: '1.2.840.10008.5.1.4.1.1.1',
  digitalXRayForPresentation: '1.2.840.10008.5.1.4.1.1.1.1',
  ct: '1.2.840.10008.5.1.4.1.1.2',
  ultrasoundMultiFrame: '1.2.840.10008.5.1.4.1.1.3.1',
  mr: '1.2.840.10008.5.1.4.1.1.4',
  ultrasound: '1.2.840.10008.5.1.4.1.1.6.1',
  secondaryCapture: '1.2.840.10008.5.1.4.1.1.7',
  multiFrameSingleBitSecondaryCapture: '1.2.840.10008.5.1.4.1.1.7.1',
  multiFrameGrayscaleByteSecondaryCapture: '1.2.840.10008.5.1.4.1.1.7.2',
  multiFrameGrayscaleWordSecondaryCapture: '1.2.840.10008.5.1.4.1.1.7.3',
  multiFrameTrueColorSecondaryCapture: '1.2.840.10008.5.1.4.1.1.7.4',
  mediaStorageDirectory: '1.2.840.10008.1.3.10',
} as const;

/** How a data set is laid out in bytes; encapsulated syntaxes are explicit VR little endian (PS3.5 A.4). */
export interface Layout {
  readonly isExplicit: boolean;
  readonly isBigEndian: boolean;
  readonly isDeflated: boolean;
}

export function layoutOf(transferSyntaxUid: string): Layout {
  return {
    isExplicit: transferSyntaxUid !== TransferSyntax.implicitVrLittleEndian,
    isBigEndian: transferSyntaxUid === TransferSyntax.explicitVrBigEndian,
    isDeflated: transferSyntaxUid === TransferSyntax.deflatedExplicitVrLittleEndian,
  };
}
