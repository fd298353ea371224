import { type DicomJsonObject, jsonItems, jsonString, jsonStrings, type ParsedInstance } from '@negatoscope/dicom';
import type { AnnouncedInstance } from '../types.ts';

const MEDIA_STORAGE_DIRECTORY = '1.2.840.10008.1.3.10';
const MAX_ANNOUNCED = 200_000;

/**
 * A DICOMDIR: Media Storage Directory Storage by its Media Storage SOP Class UID (PS3.10 8.6); without file meta information, what has a
 * Directory Record Sequence and no SOP Class. A dataset that names a class of its own is an instance, whatever else is in it.
 */
export function isDicomdir({ fileMeta, json }: Pick<ParsedInstance, 'fileMeta' | 'json'>): boolean {
  const media = jsonString(fileMeta, '00020002');
  const own = jsonString(json, '00080016');
  if ((media ?? MEDIA_STORAGE_DIRECTORY) !== MEDIA_STORAGE_DIRECTORY) return false;
  return own === undefined ? media !== undefined || '00041220' in json : own === MEDIA_STORAGE_DIRECTORY;
}

/**
 * The instances that a DICOMDIR refers to (PS3.3 F.3.2.2): Referenced SOP Instance UID in File (0004,1511) and Referenced File ID
 * (0004,1500). Records without a file (patients, studies, series) are passed over.
 */
export function announcedInstances(json: DicomJsonObject): AnnouncedInstance[] {
  const announced: AnnouncedInstance[] = [];
  for (const record of jsonItems(json, '00041220')) {
    const fileId = jsonStrings(record, '00041500').join('/').replaceAll('\0', '').slice(0, 1000);
    const sopInstanceUid = jsonString(record, '00041511');
    if (sopInstanceUid === undefined || fileId === '') continue;
    if (sopInstanceUid.length <= 64 && /^[0-9.]+$/.test(sopInstanceUid)) announced.push({ sopInstanceUid, fileId });
    if (announced.length === MAX_ANNOUNCED) break;
  }
  return announced;
}
