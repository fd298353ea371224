import { useCallback, useMemo, useReducer } from 'react';
import { isSameStudy } from '../annotations/kept-edit.ts';
import { type Desk, type DeskAction, deskAfter, emptyDesk, studiesOf } from '../model/desk.ts';
import type { StudyRef } from '../model/dicomweb.ts';

/** What is done on a desk is done on that of one study: what was meant for the one before is lost. */
interface Stamped {
  readonly study: StudyRef;
  readonly asked: string | undefined;
  readonly action: DeskAction;
}

const deskOf = (desk: Desk, study: StudyRef, asked: string | undefined): Desk =>
  isSameStudy(desk.study, study) ? desk : emptyDesk(study, asked);
const reduce = (desk: Desk, { study, asked, action }: Stamped): Desk => deskAfter(deskOf(desk, study, asked), action);

export interface DeskState {
  readonly desk: Desk;
  /** The studies of what hangs, the one that is read first; the same list for as long as they are the same. */
  readonly studies: readonly StudyRef[];
  readonly act: (action: DeskAction) => void;
}

/** The desk of a study. Another study finds it cleared in the same pass: nothing of the one before is shown with it. */
export function useDesk(study: StudyRef, asked: string | undefined): DeskState {
  const [held, dispatch] = useReducer(reduce, undefined, () => emptyDesk(study, asked));
  const desk = useMemo(() => deskOf(held, study, asked), [held, study, asked]);
  const act = useCallback((action: DeskAction) => dispatch({ study, asked, action }), [study, asked]);
  const names = studiesOf(desk)
    .map(({ studyInstanceUid, groupId }) => `${groupId ?? ''}|${studyInstanceUid}`)
    .join(' ');
  // biome-ignore lint/correctness/useExhaustiveDependencies: the list is the same while it names the same studies.
  const studies = useMemo(() => studiesOf(desk), [names]);
  return { desk, studies, act };
}
