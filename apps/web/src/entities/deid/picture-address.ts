export interface PicturePlace {
  readonly studyInstanceUid: string;
  readonly seriesInstanceUid: string;
  readonly sopInstanceUid: string;
}

const MOST_SIDE = 1600;

/** A frame, from 0, as the server draws it (PS3.18 10.4): for who may see it. */
export const pictureAddress = ({ studyInstanceUid, seriesInstanceUid, sopInstanceUid }: PicturePlace, frame: number): string =>
  `/dicom-web/studies/${studyInstanceUid}/series/${seriesInstanceUid}/instances/${sopInstanceUid}/frames/${frame + 1}/rendered?viewport=${MOST_SIDE},${MOST_SIDE}`;
