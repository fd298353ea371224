import type { Study } from '@negatoscope/contract';
import { forgetEarly } from '../../api/early-answer.ts';
import { studyAtAddress } from './address.ts';
import { placeOf } from './place.ts';
import { forgetList } from './reading-list.ts';

const seen = new Set<string>();
let timer: ReturnType<typeof setTimeout> | undefined;
const loadDoor = () => import('../../viewer/prefetch.ts');
let door: ReturnType<typeof loadDoor> | undefined;
const forgetDoor = (): void => {
  door = undefined;
};

/** Fetches a study ahead once the pointer rests on its row for a moment; each study once, failures forgotten. */
export function hoverStudy(study: Pick<Study, 'studyInstanceUid' | 'groupId'>): void {
  const { studyInstanceUid } = study;
  const { groupId } = placeOf(study);
  clearTimeout(timer);
  if (seen.has(studyInstanceUid)) return;
  timer = setTimeout(() => {
    seen.add(studyInstanceUid);
    fetchStudyAhead(studyInstanceUid, groupId);
  }, 80);
}

/** Fetches a study's beginning now; failures are forgotten. */
export function fetchStudyAhead(studyInstanceUid: string, groupId?: string): void {
  door ??= loadDoor();
  door
    .then((viewer) => viewer.prefetchStudy(studyInstanceUid, groupId))
    .catch(() => {
      seen.delete(studyInstanceUid);
    });
}

/** The study whose address the page itself was opened with, until its room asks. */
let begun: string | undefined;

/**
 * Begins with the study that the page is opened with, before the session is known and the page stands; on a slow line these are the seconds that a reader
 * waits. Whoever may not see it is told so by the page as ever. False where
 * the address is none of a study.
 */
export function openAtAddress(location: Pick<Location, 'pathname' | 'search'>): boolean {
  const study = studyAtAddress(location);
  if (study === undefined) return false;
  door ??= loadDoor();
  door.then((viewer) => viewer.openAtStart(study), forgetDoor);
  begun = study.studyInstanceUid;
  return true;
}

/** Fetches what an opened study shows first beside the viewer's code, and not after it. */
export function openAhead(studyInstanceUid: string, groupId: string | undefined, seriesInstanceUid: string | undefined): void {
  const hasBegun = begun === studyInstanceUid;
  begun = undefined;
  if (hasBegun) return;
  door ??= loadDoor();
  door.then((viewer) => viewer.prefetchStudy(studyInstanceUid, groupId, { seriesInstanceUid }), forgetDoor);
}

/** Fetches the viewer's code, after which no study waits for it. Rejects where the server is away. */
export async function fetchViewerAhead(): Promise<void> {
  door ??= loadDoor();
  try {
    await (await door).prefetchViewer();
  } catch (cause) {
    door = undefined;
    throw cause;
  }
}

/** Resolves once what is fetched for later holds up no image that somebody reads. */
export async function untilImagesAreHere(): Promise<void> {
  door ??= loadDoor();
  await (await door).untilImagesAreHere();
}

/** Forgets what was fetched ahead: nothing of one person's patients stays for the next one. */
export async function forgetHovered(): Promise<void> {
  // Before the viewer's code is here, too: it is what `early.ts` asks ahead of.
  forgetEarly();
  seen.clear();
  forgetList();
  clearTimeout(timer);
  if (door !== undefined) (await door).forgetStudies();
}
