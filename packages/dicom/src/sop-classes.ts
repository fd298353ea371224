import { IMAGES } from './image-sop-classes';
import { OTHERS } from './other-sop-classes';

/** A storage SOP class (PS3.4 B.5). */
export interface SopClass {
  readonly uid: string;
  readonly name: string;
  /** Whether instances have frames to show. */
  readonly isImage: boolean;
}

const STORAGE = '1.2.840.10008.5.1.4.1.1.';

function parseList(list: string, isImage: boolean): SopClass[] {
  return list.split('\n').map((line) => {
    const space = line.indexOf(' ');
    return { uid: STORAGE + line.slice(0, space), name: line.slice(space + 1), isImage };
  });
}

const MEDIA_STORAGE_DIRECTORY: SopClass = {
  uid: '1.2.840.10008.1.3.10',
  name: 'Media Storage Directory Storage',
  isImage: false,
};

/** Storage SOP classes by UID, retired ones that archives still hold included. */
export const SOP_CLASSES: ReadonlyMap<string, SopClass> = new Map(
  [...parseList(IMAGES, true), ...parseList(OTHERS, false), MEDIA_STORAGE_DIRECTORY].map((sopClass) => [sopClass.uid, sopClass]),
);

/** Whether instances of a SOP class are known to have frames to show; false for unknown and private classes. */
export function isImageStorageSopClass(uid: string): boolean {
  return SOP_CLASSES.get(uid)?.isImage ?? false;
}
