/** What a transfer syntax says about the bytes (PS3.5 section 10 and annex A; media types PS3.18 8.7.3). */
export interface TransferSyntax {
  readonly uid: string;
  readonly name: string;
  readonly isBigEndian: boolean;
  readonly isExplicitVr: boolean;
  readonly isDeflated: boolean;
  readonly isEncapsulated: boolean;
  /** True when the compression may lose information. */
  readonly isLossy: boolean;
  /** Media type of one frame in DICOMweb. */
  readonly mediaType: string;
}

export const IMPLICIT_VR_LITTLE_ENDIAN = '1.2.840.10008.1.2';
export const EXPLICIT_VR_LITTLE_ENDIAN = '1.2.840.10008.1.2.1';
export const DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN = '1.2.840.10008.1.2.1.99';
export const EXPLICIT_VR_BIG_ENDIAN = '1.2.840.10008.1.2.2';

const OCTETS = 'application/octet-stream';

function native(uid: string, name: string, flags: Partial<TransferSyntax> = {}): TransferSyntax {
  const base = {
    isBigEndian: false,
    isExplicitVr: true,
    isDeflated: false,
    isEncapsulated: false,
    isLossy: false,
    mediaType: OCTETS,
  };
  return { uid, name, ...base, ...flags };
}

function encapsulated(suffix: string, name: string, mediaType: string, isLossy = false): TransferSyntax {
  return native(`1.2.840.10008.1.2.${suffix}`, name, { isEncapsulated: true, isLossy, mediaType });
}

const LIST: readonly TransferSyntax[] = [
  native(IMPLICIT_VR_LITTLE_ENDIAN, 'Implicit VR Little Endian', { isExplicitVr: false }),
  native(EXPLICIT_VR_LITTLE_ENDIAN, 'Explicit VR Little Endian'),
  native(DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN, 'Deflated Explicit VR Little Endian', { isDeflated: true }),
  native(EXPLICIT_VR_BIG_ENDIAN, 'Explicit VR Big Endian', { isBigEndian: true }),
  encapsulated('1.98', 'Encapsulated Uncompressed Explicit VR Little Endian', OCTETS),
  encapsulated('4.50', 'JPEG Baseline (Process 1)', 'image/jpeg', true),
  encapsulated('4.51', 'JPEG Extended (Process 2 and 4)', 'image/jpeg', true),
  encapsulated('4.52', 'JPEG Extended (Process 3 and 5) (Retired)', 'image/jpeg', true),
  encapsulated('4.53', 'JPEG Spectral Selection, Non-Hierarchical (Process 6 and 8) (Retired)', 'image/jpeg', true),
  encapsulated('4.54', 'JPEG Spectral Selection, Non-Hierarchical (Process 7 and 9) (Retired)', 'image/jpeg', true),
  encapsulated('4.55', 'JPEG Full Progression, Non-Hierarchical (Process 10 and 12) (Retired)', 'image/jpeg', true),
  encapsulated('4.56', 'JPEG Full Progression, Non-Hierarchical (Process 11 and 13) (Retired)', 'image/jpeg', true),
  encapsulated('4.57', 'JPEG Lossless, Non-Hierarchical (Process 14)', 'image/jpeg'),
  encapsulated('4.58', 'JPEG Lossless, Non-Hierarchical (Process 15) (Retired)', 'image/jpeg'),
  encapsulated('4.59', 'JPEG Extended, Hierarchical (Process 16 and 18) (Retired)', 'image/jpeg', true),
  encapsulated('4.60', 'JPEG Extended, Hierarchical (Process 17 and 19) (Retired)', 'image/jpeg', true),
  encapsulated('4.61', 'JPEG Spectral Selection, Hierarchical (Process 20 and 22) (Retired)', 'image/jpeg', true),
  encapsulated('4.62', 'JPEG Spectral Selection, Hierarchical (Process 21 and 23) (Retired)', 'image/jpeg', true),
  encapsulated('4.63', 'JPEG Full Progression, Hierarchical (Process 24 and 26) (Retired)', 'image/jpeg', true),
  encapsulated('4.64', 'JPEG Full Progression, Hierarchical (Process 25 and 27) (Retired)', 'image/jpeg', true),
  encapsulated('4.65', 'JPEG Lossless, Hierarchical (Process 28) (Retired)', 'image/jpeg'),
  encapsulated('4.66', 'JPEG Lossless, Hierarchical (Process 29) (Retired)', 'image/jpeg'),
  encapsulated('4.70', 'JPEG Lossless, Non-Hierarchical, First-Order Prediction', 'image/jpeg'),
  encapsulated('4.80', 'JPEG-LS Lossless', 'image/jls'),
  encapsulated('4.81', 'JPEG-LS Lossy (Near-Lossless)', 'image/jls', true),
  encapsulated('4.90', 'JPEG 2000 (Lossless Only)', 'image/jp2'),
  encapsulated('4.91', 'JPEG 2000', 'image/jp2', true),
  encapsulated('4.92', 'JPEG 2000 Part 2 Multi-component (Lossless Only)', 'image/jpx'),
  encapsulated('4.93', 'JPEG 2000 Part 2 Multi-component', 'image/jpx', true),
  native('1.2.840.10008.1.2.4.94', 'JPIP Referenced', { isLossy: true }),
  native('1.2.840.10008.1.2.4.95', 'JPIP Referenced Deflate', { isDeflated: true, isLossy: true }),
  encapsulated('4.100', 'MPEG2 Main Profile / Main Level', 'video/mpeg', true),
  encapsulated('4.100.1', 'Fragmentable MPEG2 Main Profile / Main Level', 'video/mpeg', true),
  encapsulated('4.101', 'MPEG2 Main Profile / High Level', 'video/mpeg', true),
  encapsulated('4.101.1', 'Fragmentable MPEG2 Main Profile / High Level', 'video/mpeg', true),
  encapsulated('4.102', 'MPEG-4 AVC/H.264 High Profile / Level 4.1', 'video/mp4', true),
  encapsulated('4.102.1', 'Fragmentable MPEG-4 AVC/H.264 High Profile / Level 4.1', 'video/mp4', true),
  encapsulated('4.103', 'MPEG-4 AVC/H.264 BD-compatible High Profile / Level 4.1', 'video/mp4', true),
  encapsulated('4.103.1', 'Fragmentable MPEG-4 AVC/H.264 BD-compatible High Profile / Level 4.1', 'video/mp4', true),
  encapsulated('4.104', 'MPEG-4 AVC/H.264 High Profile / Level 4.2 For 2D Video', 'video/mp4', true),
  encapsulated('4.104.1', 'Fragmentable MPEG-4 AVC/H.264 High Profile / Level 4.2 For 2D Video', 'video/mp4', true),
  encapsulated('4.105', 'MPEG-4 AVC/H.264 High Profile / Level 4.2 For 3D Video', 'video/mp4', true),
  encapsulated('4.105.1', 'Fragmentable MPEG-4 AVC/H.264 High Profile / Level 4.2 For 3D Video', 'video/mp4', true),
  encapsulated('4.106', 'MPEG-4 AVC/H.264 Stereo High Profile / Level 4.2', 'video/mp4', true),
  encapsulated('4.106.1', 'Fragmentable MPEG-4 AVC/H.264 Stereo High Profile / Level 4.2', 'video/mp4', true),
  encapsulated('4.107', 'HEVC/H.265 Main Profile / Level 5.1', 'video/mp4', true),
  encapsulated('4.108', 'HEVC/H.265 Main 10 Profile / Level 5.1', 'video/mp4', true),
  encapsulated('4.110', 'JPEG XL Lossless', 'image/jxl'),
  encapsulated('4.111', 'JPEG XL JPEG Recompression', 'image/jxl', true),
  encapsulated('4.112', 'JPEG XL', 'image/jxl', true),
  encapsulated('4.201', 'High-Throughput JPEG 2000 (Lossless Only)', 'image/jphc'),
  encapsulated('4.202', 'High-Throughput JPEG 2000 with RPCL Options (Lossless Only)', 'image/jphc'),
  encapsulated('4.203', 'High-Throughput JPEG 2000', 'image/jphc', true),
  native('1.2.840.10008.1.2.4.204', 'JPIP HTJ2K Referenced', { isLossy: true }),
  native('1.2.840.10008.1.2.4.205', 'JPIP HTJ2K Referenced Deflate', { isDeflated: true, isLossy: true }),
  encapsulated('5', 'RLE Lossless', 'image/dicom-rle'),
  encapsulated('8.1', 'Deflated Image Frame Compression', 'application/x-deflate'),
];

/** Transfer syntaxes by UID. */
export const TRANSFER_SYNTAXES: ReadonlyMap<string, TransferSyntax> = new Map(LIST.map((syntax) => [syntax.uid, syntax]));
