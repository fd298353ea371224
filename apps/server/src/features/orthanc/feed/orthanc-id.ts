import { createHash } from 'node:crypto';

export interface StudyIdentity {
  readonly patientId: string;
  readonly studyInstanceUid: string;
}

export interface InstanceIdentity extends StudyIdentity {
  readonly seriesInstanceUid: string;
  readonly sopInstanceUid: string;
}

/** What Orthanc calls an instance: the SHA-1 of its Patient ID and UIDs. By it a file says itself whether it is the one that was asked for. */
export const orthancIdOf = ({ patientId, studyInstanceUid, seriesInstanceUid, sopInstanceUid }: InstanceIdentity): string =>
  named([patientId, studyInstanceUid, seriesInstanceUid, sopInstanceUid]);

/** What Orthanc calls a study, by the same rule. */
export const studyIdOf = ({ patientId, studyInstanceUid }: StudyIdentity): string => named([patientId, studyInstanceUid]);

const named = (parts: readonly string[]): string =>
  createHash('sha1')
    .update(parts.join('|'))
    .digest('hex')
    .replaceAll(/(.{8})(?=.)/g, '$1-');
