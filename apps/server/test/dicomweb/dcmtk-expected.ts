/** Files whose pictures differ from DCMTK 3.6.7's, and why; the others are at most one gray level apart, which is DCMTK's cutting where we round. */
export const DIFFERENT: Readonly<Record<string, string>> = {
  'fo-dicom/RI6XDosiGap.dcm':
    'a window 0.21 wide without a function: we take it for LINEAR_EXACT (PS3.3 C.11.2.1.3.2), DCMTK leaves a width below 1 out',
  'pydicom/rtdose_expb_1frame.dcm': 'Encapsulated Uncompressed: DCMTK takes the head of the fragment for pixels',
  'pydicom-data/SC_ybr_full_uncompressed.dcm':
    'YBR_FULL: DCMTK cuts where we round, in two steps, so that it is up to two levels apart',
};

const J2K = 'JPEG 2000: DCMTK has no decoder';
const BITS = 'single bits in RLE or deflated frames: DCMTK does not decode them';

/** Files that DCMTK makes no picture of, and why. */
export const NOT_THEIRS: Readonly<Record<string, string>> = {
  'pydicom/MR_small_jp2klossless.dcm': J2K,
  'pydicom/JPEG2000.dcm': J2K,
  'pydicom/examples_jpeg2k.dcm': J2K,
  'pydicom-data/RG1_J2KI.dcm': J2K,
  'pydicom-data/RG3_J2KI.dcm': J2K,
  'pydicom-data/MR2_J2KR.dcm': J2K,
  'pydicom-data/HTJ2KLossless_08_RGB.dcm': 'HTJ2K: DCMTK has no decoder',
  'cornerstone3D/CTImage.dcm_JPEG2000LosslessOnlyTransferSyntax_1.2.840.10008.1.2.4.90.dcm': J2K,
  'cornerstone3D/CTImage.dcm_JPEG2000TransferSyntax_1.2.840.10008.1.2.4.91.dcm': J2K,
  'weasis-dicom-tools/jpeg2000-multiframe-multifragments.dcm': J2K,
  'broken/pydicom/J2K_pixelrep_mismatch.dcm': `${J2K}; its values are held in platform/codecs/streams.test.ts`,
  'broken/pydicom/GDCMJ2K_TextGBR.dcm': J2K,
  'broken/pydicom-data/emri_small_jpeg_2k_lossless_too_short.dcm': J2K,
  'broken/fo-dicom/GH364.dcm': J2K,
  'pydicom/SC_rgb_gdcm_KY.dcm': J2K,
  'pydicom-data/SC_rgb_32bit_2frame.dcm': 'colour of 32 bits: DCMTK does not draw it',
  'pydicom-data/gdcm-US-ALOKA-16.dcm': 'a palette in segments: DCMTK does not expand it',
  'pydicom-data/liver_rle.dcm': BITS,
  'pydicom-data/liver_deflate.dcm': BITS,
  'pydicom-data/parametric_map_float.dcm': 'Float Pixel Data: DCMTK does not draw it',
  'pydicom-data/parametric_map_double_float.dcm': 'Double Float Pixel Data: DCMTK does not draw it',
  'pydicom-data/explicit_VR-UN.dcm': J2K,
  'broken/pydicom/badVR.dcm': 'Number of Frames is "1A": DCMTK takes it for 1, we count by the length',
};

/** One or more files of each kind, for every run of the tests; the long run takes all. */
export const BY_KIND: readonly string[] = [
  'pydicom/CT_small.dcm',
  'pydicom/MR_small_RLE.dcm',
  'pydicom/MR_small_bigendian.dcm',
  'pydicom/MR_small_jpeg_ls_lossless.dcm',
  'pydicom/JPGExtended.dcm',
  'pydicom/JPEGLSNearLossless_16.dcm',
  'pydicom/SC_ybr_full_422_uncompressed.dcm',
  'pydicom/SC_rgb_rle.dcm',
  'pydicom/SC_rgb_small_odd_jpeg.dcm',
  'pydicom/examples_palette.dcm',
  'pydicom/image_dfl.dcm',
  'pydicom/liver_1frame.dcm',
  'pydicom/rtdose.dcm',
  'pydicom/rtdose_expb_1frame.dcm',
  'pydicom-data/SC_ybr_full_uncompressed.dcm',
  'pydicom-data/emri_small_RLE.dcm',
  'pydicom-data/liver_nonbyte_aligned.dcm',
  'pydicom-data/mlut_18.dcm',
  'pydicom-data/vlut_04.dcm',
  'pydicom-data/MR2_J2KR.dcm',
  'pydicom-data/parametric_map_float.dcm',
  'fo-dicom/RI6XDosiGap.dcm',
  'fo-dicom/multiframe.dcm',
  'dwv/gdcm-CR-MONO1-10-chest.dcm',
  'weasis-dicom-tools/overlay.dcm',
];
