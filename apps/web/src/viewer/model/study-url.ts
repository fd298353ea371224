export interface StudyRef {
  readonly studyInstanceUid: string;
  /** Names the partition when the same UID exists in several groups. */
  readonly groupId?: string | undefined;
}

export function studyUrl({ studyInstanceUid, groupId }: StudyRef): string {
  const base = groupId === undefined ? '/dicom-web' : `/dicom-web/groups/${encodeURIComponent(groupId)}`;
  return `${base}/studies/${encodeURIComponent(studyInstanceUid)}`;
}

/** QIDO-RS series of a study (PS3.18 10.6), with what they are ordered and hung by. */
export const seriesListUrl = (study: StudyRef): string =>
  `${studyUrl(study)}/series?includefield=0008103E&includefield=00201209&includefield=00200011&includefield=00180015`;

export const seriesUrl = (study: StudyRef, seriesInstanceUid: string): string =>
  `${studyUrl(study)}/series/${encodeURIComponent(seriesInstanceUid)}`;

/** WADO-RS metadata of all instances of a series (PS3.18 10.4.1.1.2). */
export const metadataUrl = (study: StudyRef, seriesInstanceUid: string): string =>
  `${seriesUrl(study, seriesInstanceUid)}/metadata`;

export const instanceUrl = (series: string, sopInstanceUid: string): string =>
  `${series}/instances/${encodeURIComponent(sopInstanceUid)}`;

export const frameUrl = (series: string, sopInstanceUid: string, frameNumber: number): string =>
  `${instanceUrl(series, sopInstanceUid)}/frames/${frameNumber}`;
