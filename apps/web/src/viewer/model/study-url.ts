import type { OpeningWish } from '@negatoscope/contract';

export interface StudyRef {
  readonly studyInstanceUid: string;
  /** Names the partition when the same UID exists in several groups. */
  readonly groupId?: string | undefined;
}

export function studyUrl({ studyInstanceUid, groupId }: StudyRef): string {
  const base = groupId === undefined ? '/dicom-web' : `/dicom-web/groups/${encodeURIComponent(groupId)}`;
  return `${base}/studies/${encodeURIComponent(studyInstanceUid)}`;
}

/** What series are ordered and hung by. */
const SERIES_KEYS = 'includefield=0008103E&includefield=00201209&includefield=00200011&includefield=00180015';

/** QIDO-RS series of a study (PS3.18 10.6), with what they are ordered and hung by. */
export const seriesListUrl = (study: StudyRef): string => `${studyUrl(study)}/series?${SERIES_KEYS}`;

/** What a study is opened with, in one answer; its frame in the form that suits the line, of the series that is asked for where one is. */
export const openingUrl = (study: StudyRef, form: OpeningWish, at: string | undefined): string =>
  `${studyUrl(study)}/opening?${SERIES_KEYS}&form=${form}${at === undefined ? '' : `&at=${encodeURIComponent(at)}`}`;

export const seriesUrl = (study: StudyRef, seriesInstanceUid: string): string =>
  `${studyUrl(study)}/series/${encodeURIComponent(seriesInstanceUid)}`;

/** WADO-RS metadata of all instances of a series (PS3.18 10.4.1.1.2). */
export const metadataUrl = (study: StudyRef, seriesInstanceUid: string): string =>
  `${seriesUrl(study, seriesInstanceUid)}/metadata`;

export const instanceUrl = (series: string, sopInstanceUid: string): string =>
  `${series}/instances/${encodeURIComponent(sopInstanceUid)}`;

export const frameUrl = (series: string, sopInstanceUid: string, frameNumber: number): string =>
  `${instanceUrl(series, sopInstanceUid)}/frames/${frameNumber}`;
