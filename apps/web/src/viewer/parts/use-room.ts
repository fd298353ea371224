import type { SeriesSummary } from '@negatoscope/dicom';
import { useEffect, useLayoutEffect, useMemo, useState } from 'react';
import { isSameStudy } from '../annotations/kept-edit.ts';
import type { Pane, ViewerSession } from '../engine/index.ts';
import { ownPane } from '../model/desk.ts';
import type { StudyRef } from '../model/dicomweb.ts';
import { keepStudies } from '../model/study-source.ts';
import { usePanes, useTiles } from './panes.tsx';
import { useDesk } from './use-desk.ts';
import { useHanging } from './use-hanging.ts';
import { usePaneValue } from './use-pane-snapshot.ts';
import { useSession } from './use-session.ts';
import { useStudy } from './use-study.ts';

/** Which study is read, and what is to hang. */
export interface RoomInput {
  readonly studyInstanceUid: string;
  /** Names the partition when several groups hold a study of this UID. */
  readonly groupId?: string;
  readonly initialSeriesUid?: string;
  /** The study to lay beside it; null for none, left out for the most relevant prior. */
  readonly compare?: StudyRef | null | undefined;
  /** Where a study is shown alone, for a second window. */
  readonly addressOf?: (study: StudyRef) => string;
}

/** Whether the first image of a study is here, or will not come: what can wait has waited until then. */
function useSettled(pane: Pane | undefined, study: StudyRef): boolean {
  const [settled, setSettled] = useState<StudyRef>();
  const isSettled = usePaneValue(
    pane,
    ({ status, frameState, series }) =>
      (status === 'ready' && series !== undefined && isSameStudy(series.study, study)) ||
      ['unsupported', 'failed'].includes(status) ||
      frameState === 'failed',
  );
  useEffect(() => {
    if (isSettled) setSettled(study);
  }, [isSettled, study]);
  return settled === study;
}

/** Another study is another reading in the same room: what was linked and loaded of the one before goes. */
function useChangeOfStudy(session: ViewerSession | undefined, study: StudyRef, studies: readonly StudyRef[]): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: each study begins without the offsets of the one before.
  useLayoutEffect(() => session?.links.forget(), [session, study]);
  useEffect(() => session?.keepOnly(studies), [session, studies]);
  useEffect(() => keepStudies(studies), [studies]);
}

/** The first picture of a room, which its library waits for. */
function newOpening() {
  let onFirstPicture = (): void => undefined;
  const firstPicture = new Promise<void>((resolve) => {
    // Once it has been painted.
    onFirstPicture = () => requestAnimationFrame(() => setTimeout(resolve));
  });
  return { firstPicture, onFirstPicture };
}

/** What is on the desk and what may be laid on it. */
export function useRoom({ studyInstanceUid, groupId, initialSeriesUid, compare, addressOf }: RoomInput) {
  const study = useMemo(() => ({ studyInstanceUid, groupId }), [studyInstanceUid, groupId]);
  const [openedAt] = useState(() => performance.now());
  const [opening] = useState(newOpening);
  const { session, hasFailed, isRecovering } = useSession(openedAt, opening.firstPicture);
  const { panes, setters } = usePanes();
  const { desk, studies, act } = useDesk(study, initialSeriesUid);
  const list = useStudy(study);
  // The prior's panes wait for this one.
  const isSettled = useSettled(panes[ownPane(desk) ?? desk.active], study);
  const hanging = useHanging({ study, series: list.series, asked: initialSeriesUid, compare, isSettled, session, act });
  useTiles(session, desk);
  useChangeOfStudy(session, study, studies);
  return {
    ...{ study, session, hasFailed, isRecovering },
    onFirstPicture: opening.onFirstPicture,
    ...{ panes, setters, desk, studies, act, list, isSettled, hanging, addressOf },
  };
}
export type Room = ReturnType<typeof useRoom>;

interface Listed {
  readonly study: StudyRef;
  readonly series: readonly SeriesSummary[] | undefined;
}

/** The series that may be laid in panes, of the study that is read and of the one beside. */
export const listedOf = ({ study, list, hanging }: Pick<Room, 'study' | 'list' | 'hanging'>): readonly Listed[] => [
  { study, series: list.series },
  ...(hanging.beside === undefined ? [] : [{ study: hanging.beside, series: hanging.besideList.series }]),
];
