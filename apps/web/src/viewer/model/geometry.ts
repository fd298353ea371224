export { cross, dot, type PlaneOrientation, type Vector3 } from '@negatoscope/dicom';
