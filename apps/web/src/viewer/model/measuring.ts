/** What is measured in a frame, by the functions that the server makes structured reports with. */
export {
  type Area,
  angleAt,
  type CardiothoracicRatio,
  cardiothoracicRatio,
  cobbAngle,
  crossOf,
  ellipseArea,
  type Line,
  middleOf,
  polygonArea,
  type Scale,
  type TwoLines,
  vectorOf,
} from '@negatoscope/dicom';
