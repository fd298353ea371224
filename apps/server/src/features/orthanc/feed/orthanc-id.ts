import { createHash } from 'node:crypto';

export interface InstanceIdentity {
  readonly patientId: string;
  readonly studyInstanceUid: string;
  readonly seriesInstanceUid: string;
  readonly sopInstanceUid: string;
}

/** What Orthanc calls an instance: the SHA-1 of its Patient ID and UIDs. By it a file says itself whether it is the one that was asked for. */
export function orthancIdOf({ patientId, studyInstanceUid, seriesInstanceUid, sopInstanceUid }: InstanceIdentity): string {
  const hash = createHash('sha1')
    .update([patientId, studyInstanceUid, seriesInstanceUid, sopInstanceUid].join('|'))
    .digest('hex');
  return hash.replaceAll(/(.{8})(?=.)/g, '$1-');
}
