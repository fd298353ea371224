/** What is measured in a frame, by the functions that the server makes structured reports with. */
export {
  type Area,
  angleAt,
  cardiothoracicRatio,
  cobbAngle,
  crossOf,
  ellipseArea,
  middleOf,
  polygonArea,
  type Scale,
  type TwoLines,
  vectorOf,
} from '@negatoscope/dicom';
