import { type DicomJson, readItems, readString, TAG } from './dicom-json.ts';

/** Where an instance that a document refers to stands. */
export interface EvidencePlace {
  readonly studyInstanceUid: string;
  readonly seriesInstanceUid: string;
}

/** Current Requested Procedure and Pertinent Other Evidence (PS3.3 C.17.2). */
const SEQUENCES = ['0040A375', '0040A385'] as const;
const STUDY = '0020000D';
const [REFERENCED_SERIES, REFERENCED_SOP, REFERENCED_SOP_UID] = ['00081115', '00081199', '00081155'] as const;
const MOST = 20_000;

/** The instances that a document names, by their UID: only here it says of which series and study they are. What is over the limit is left out. */
export function evidenceOf(dataset: DicomJson): ReadonlyMap<string, EvidencePlace> {
  const places = new Map<string, EvidencePlace>();
  for (const study of SEQUENCES.flatMap((tag) => readItems(dataset, tag)))
    for (const series of readItems(study, REFERENCED_SERIES)) {
      const studyInstanceUid = readString(study, STUDY);
      const seriesInstanceUid = readString(series, TAG.SeriesInstanceUID);
      if (studyInstanceUid === undefined || seriesInstanceUid === undefined) continue;
      for (const instance of readItems(series, REFERENCED_SOP)) {
        const uid = readString(instance, REFERENCED_SOP_UID);
        if (places.size >= MOST) return places;
        if (uid !== undefined) places.set(uid, { studyInstanceUid, seriesInstanceUid });
      }
    }
  return places;
}
