import { readString } from '../json-readers.ts';
import type { DicomJsonObject } from '../types.ts';

/** Video endoscopic, microscopic and photographic images (PS3.4 B.5). */
const VIDEO_CLASS = /^1\.2\.840\.10008\.5\.1\.4\.1\.1\.77\.1\.(1\.1|2\.1|4\.1)$/;
/** Defined terms of Lossy Image Compression Method (PS3.3 C.7.6.1.1.5.1). */
const VIDEO_METHOD = /^(ISO_13818_2|ISO_14496_10|ISO_23008_2)$/;

/**
 * Whether pixels may be one video instead of frames. The transfer syntax decides, which the metadata don't tell: by class, by the colours that every
 * video has (PS3.5 8.2.5, 8.2.7) or by its compression it is worth asking for.
 */
export const mayBeVideo = (dataset: DicomJsonObject): boolean =>
  VIDEO_CLASS.test(readString(dataset, '00080016') ?? '') ||
  readString(dataset, '00280004') === 'YBR_PARTIAL_420' ||
  VIDEO_METHOD.test(readString(dataset, '00282114') ?? '');
