/** Codes of units, the same here and in what the server makes. */
export {
  UCUM,
  ucumOf,
} from '@negatoscope/dicom';
