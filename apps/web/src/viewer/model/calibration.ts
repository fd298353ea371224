/** How distances in pixels become millimetres: worked out by the same functions here and on the server, which makes structured reports of them. */
export {
  type Calibration,
  frameSpacing,
  type Measurement,
  measureAngle,
  measureLength,
  type PixelPoint,
  readCalibration,
  roundScaleLengthMm,
  type Spacing,
} from '@negatoscope/dicom';
