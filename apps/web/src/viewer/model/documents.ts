import {
  type ContentTree,
  contentTreeOf,
  type FoundGroup,
  hasWaveforms,
  TRANSFER_SYNTAXES,
  waveformGroupsOf,
} from '@negatoscope/dicom';
import { type DicomJson, readNumber, readString, TAG } from './dicom-json.ts';
import { type EvidencePlace, evidenceOf } from './evidence.ts';
import { instanceUrl } from './study-url.ts';

/** An instance that is shown or handed over as a whole: a PDF, a video, a report, a plan. */
export interface DocumentModel {
  readonly sopInstanceUid: string;
  readonly title: string | undefined;
  /** Its place in DICOMweb, without a host. */
  readonly url: string;
  /** Whether this reader, who sees pseudonyms, may not have it (Instance Availability, PS3.3 C.4.23.1.1). */
  readonly isHeldBack: boolean;
  /** Of a structured report or a key object selection. */
  readonly tree?: ContentTree;
  /** Of an ECG or another waveform, by multiplex group. */
  readonly waveforms?: readonly FoundGroup[];
  /** Where the instances stand that it refers to. */
  readonly evidence?: ReadonlyMap<string, EvidencePlace>;
}

/** SOP Instance UIDs of those that are videos, by what QIDO-RS says of their transfer syntax. */
export const videosOf = (instances: readonly DicomJson[]): ReadonlySet<string> =>
  new Set(
    instances.flatMap((instance) => {
      const syntax = TRANSFER_SYNTAXES.get(readString(instance, TAG.AvailableTransferSyntaxUID) ?? '');
      const uid = readString(instance, TAG.SOPInstanceUID);
      return uid !== undefined && syntax?.mediaType.startsWith('video/') === true ? [uid] : [];
    }),
  );

/** The instances of a series that are no images, in their order. */
export function buildDocuments(datasets: readonly DicomJson[], series: string): DocumentModel[] {
  const byNumber = (a: DicomJson, b: DicomJson): number =>
    (readNumber(a, TAG.InstanceNumber) ?? 0) - (readNumber(b, TAG.InstanceNumber) ?? 0);
  return [...datasets].sort(byNumber).flatMap((dataset) => {
    const sopInstanceUid = readString(dataset, TAG.SOPInstanceUID);
    if (sopInstanceUid === undefined) return [];
    const tree = contentTreeOf(dataset);
    return [
      {
        sopInstanceUid,
        title: readString(dataset, TAG.DocumentTitle),
        url: instanceUrl(series, sopInstanceUid),
        isHeldBack: readString(dataset, TAG.InstanceAvailability) === 'UNAVAILABLE',
        ...(tree === undefined ? {} : { tree, evidence: evidenceOf(dataset) }),
        ...(hasWaveforms(dataset) ? { waveforms: waveformGroupsOf(dataset) } : {}),
      },
    ];
  });
}
