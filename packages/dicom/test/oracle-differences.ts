import type { Difference } from './compare.ts';

/** Why a file may differ from its oracle, and which differences that reason covers: any other one fails the test. */
export interface Reason {
  readonly why: string;
  covers(difference: Difference): boolean;
}

const isPrivate = (path: string) => Number.parseInt(path.slice(-8, -4), 16) % 2 === 1;

const trailingPadding: Reason = {
  why: 'Data Set Trailing Padding means nothing (PS3.10 7.2) and is left out',
  covers: ({ path, ours }) => path === 'FFFCFFFC' && ours === undefined,
};
const privateVr: Reason = {
  why: 'implicit VR: the oracle takes the VRs of private attributes from a private dictionary, PS3.6 has none, so they stay UN',
  covers: ({ path, ours }) => isPrivate(path) && ours?.vr === 'UN',
};
const unknownVr: Reason = {
  why: 'public attributes sent as UN get their PS3.6 VR here (PS3.5 6.2.2), the oracle leaves them UN',
  covers: ({ path, ours, oracle }) => !isPrivate(path) && oracle?.vr === 'UN' && ours?.vr !== 'UN',
};
const notANumber: Reason = {
  why: 'NumberOfFrames "1A": empty here with the warning INVALID_NUMBER, left out by the oracle',
  covers: ({ path, ours, oracle }) =>
    path === '00280008' && ours?.vr === 'IS' && ours.Value === undefined && oracle === undefined,
};
const cutPixelData: Reason = {
  why: 'the oracle has no Pixel Data because it cannot be read to its end; here its beginning is located',
  covers: ({ path, oracle }) => path === '7FE00010' && oracle === undefined,
};

/** The only files whose DICOM JSON differs from the oracle's. */
export const DIFFERENCES: Readonly<Record<string, Reason>> = {
  'pydicom/CT_small.dcm': trailingPadding,
  'pydicom/MR_small.dcm': trailingPadding,
  'pydicom/MR_small_RLE.dcm': trailingPadding,
  'pydicom/MR_small_jp2klossless.dcm': trailingPadding,
  'pydicom/MR_small_jpeg_ls_lossless.dcm': trailingPadding,
  'pydicom/examples_rgb_color.dcm': trailingPadding,
  'broken/pydicom/MR_small_padded.dcm': trailingPadding,
  'broken/pynetdicom/CTImageStorage_bad_meta.dcm': trailingPadding,
  'cornerstone3D/CTImage.dcm_LittleEndianImplicitTransferSyntax_1.2.840.10008.1.2.dcm': privateVr,
  'pydicom/rtdose_rle.dcm': unknownVr,
  'broken/pydicom-data/bad_sequence.dcm': unknownVr,
  'broken/pydicom/badVR.dcm': notANumber,
  'broken/pydicom-data/emri_small_jpeg_2k_lossless_too_short.dcm': cutPixelData,
};

/** What every broken file comes to: a coded error, or the warnings that tell what was recovered. */
export const BROKEN: Readonly<Record<string, { error: string } | { warnings: readonly string[]; frames?: string }>> = {
  'broken/pydicom/ExplVR_BigEndNoMeta.dcm': {
    warnings: ['MISSING_PREAMBLE', 'MISSING_META', 'MISSING_TRANSFER_SYNTAX'],
    frames: 'none 0',
  },
  'broken/pydicom/ExplVR_LitEndNoMeta.dcm': {
    warnings: ['MISSING_PREAMBLE', 'MISSING_META', 'MISSING_TRANSFER_SYNTAX'],
    frames: 'none 0',
  },
  'broken/pydicom/no_meta.dcm': { error: 'NOT_DICOM' }, // One stray byte before the dataset, neither preamble nor prefix.
  'broken/pydicom/rtstruct.dcm': { warnings: ['MISSING_PREAMBLE', 'MISSING_META', 'MISSING_TRANSFER_SYNTAX'], frames: 'none 0' },
  'broken/pydicom/no_meta_group_length.dcm': { warnings: [], frames: 'none 0' },
  'broken/pydicom/meta_missing_tsyntax.dcm': {
    warnings: ['MISSING_TRANSFER_SYNTAX', 'ODD_LENGTH'],
    frames: 'PIXEL_GEOMETRY_INVALID',
  },
  'broken/pydicom/MR_truncated.dcm': { warnings: ['PIXEL_DATA_TRUNCATED'], frames: 'native 0 PIXEL_LENGTH_MISMATCH' },
  'broken/pydicom/rtplan_truncated.dcm': { error: 'TRUNCATED' },
  'broken/pydicom/badVR.dcm': { warnings: ['INVALID_NUMBER'], frames: 'native 15 FRAME_COUNT_INVALID' },
  'broken/pydicom/JPEG2000-embedded-sequence-delimiter.dcm': { warnings: [], frames: 'encapsulated 1' },
  'broken/pydicom-data/bad_sequence.dcm': { warnings: [], frames: 'encapsulated 1' },
  'broken/pydicom-data/emri_small_jpeg_2k_lossless_too_short.dcm': {
    warnings: [],
    frames: 'encapsulated 10 PIXEL_DATA_TRUNCATED',
  },
  'broken/pynetdicom/CTImageStorage_bad_meta.dcm': { warnings: [], frames: 'native 1' },
  'broken/fo-dicom/CR-MONO1-10-chest': {
    warnings: ['MISSING_PREAMBLE', 'MISSING_META', 'MISSING_TRANSFER_SYNTAX'],
    frames: 'native 1',
  },
  'broken/fo-dicom/GH340.dcm': { warnings: ['MISSING_PREAMBLE', 'MISSING_META', 'MISSING_TRANSFER_SYNTAX'], frames: 'native 1' },
  'broken/fo-dicom/GH364.dcm': { warnings: ['UNEXPECTED_ITEM'], frames: 'encapsulated 1' },
  'broken/pydicom-data/JLSL_RGB_ILV0.dcm': { warnings: ['MISSING_PREAMBLE'], frames: 'encapsulated 1' },
  'broken/pydicom-data/JLSL_RGB_ILV1.dcm': { warnings: ['MISSING_PREAMBLE'], frames: 'encapsulated 1' },
  'broken/pydicom-data/JLSL_RGB_ILV2.dcm': { warnings: ['MISSING_PREAMBLE'], frames: 'encapsulated 1' },
  'broken/pydicom-data/JLSN_RGB_ILV0.dcm': { warnings: ['MISSING_PREAMBLE'], frames: 'encapsulated 1' },
  'broken/pydicom/DICOMDIR-nooffset': { warnings: ['ITEM_LENGTH'], frames: 'none 0' },
  'broken/pydicom/DICOMDIR-nopatient': { warnings: [], frames: 'none 0' },
  'broken/pydicom/DICOMDIR-reordered': { warnings: [], frames: 'none 0' },
};
