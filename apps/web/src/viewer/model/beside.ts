import type { Prior } from '@negatoscope/contract';
import type { StudyRef } from './study-url.ts';

/** Below this width of the page (CSS px) two images beside each other are too small to read: one hangs, the prior is a tap away. */
export const WIDE_PX = 768;

/** So many priors are asked for, by the room and by what runs before it. */
export const SHOWN_PRIORS = 100;

export const refOf = ({ studyInstanceUid, groupId }: Prior): StudyRef => ({ studyInstanceUid, groupId: groupId ?? 'none' });

/** The prior that is worth hanging unasked, the best first; undefined where there is none. */
export const bestOf = (priors: readonly Prior[]): Prior | undefined => priors.find(({ isComparable }) => isComparable);
