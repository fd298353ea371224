export { cross, dot, type PlaneOrientation, parsePlaneOrientation, toVector3, type Vector3 } from '@negatoscope/dicom';
