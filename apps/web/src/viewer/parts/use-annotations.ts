import { useEffect, useState, useSyncExternalStore } from 'react';
import { call } from '../../api/client.ts';
import { useCan, useUser } from '../../api/me.ts';
import { DeskDrawings, type OpenStudy } from '../annotations/desk-drawings.ts';
import { LiveAnnotations } from '../annotations/live.ts';
import { editQueue } from '../annotations/queue.ts';
import { type AnnotationsSnapshot, StudyAnnotations } from '../annotations/study-annotations.ts';
import type { ViewerSession } from '../engine/index.ts';
import type { StudyRef } from '../model/dicomweb.ts';

const NOTHING: AnnotationsSnapshot = { items: [], isKnown: false, waiting: 0, conflicts: [], refused: undefined };
const never = (): (() => void) => () => undefined;
const nothing = (): AnnotationsSnapshot => NOTHING;

export interface AnnotationsState {
  /** Undefined before it is known who reads. */
  readonly annotations: StudyAnnotations | undefined;
  readonly snapshot: AnnotationsSnapshot;
}

/** What is drawn on a study that stands beside: asked for once, since each that is listened to takes one of the few connections of a browser. */
function readOnce(study: StudyRef, receive: StudyAnnotations['receive']): { refresh: () => Promise<void>; close: () => void } {
  let isOpen = true;
  const refresh = async (): Promise<void> => {
    const { studyInstanceUid, groupId } = study;
    const { items } = await call('listAnnotations', { params: { studyInstanceUid }, query: { groupId } });
    if (isOpen) receive(items);
  };
  void refresh().catch(() => undefined);
  const close = (): void => {
    isOpen = false;
  };
  return { refresh, close };
}

function openStudy(study: StudyRef, isRead: boolean, authorId: string, canWrite: boolean): OpenStudy {
  let source: { refresh: () => Promise<unknown>; close: () => void } | undefined;
  const refresh = (): Promise<unknown> => source?.refresh() ?? Promise.resolve();
  const annotations = new StudyAnnotations({ study, authorId, canWrite, queue: editQueue, refresh });
  const receive: StudyAnnotations['receive'] = (items) => annotations.receive(items);
  source = isRead ? new LiveAnnotations(study, receive) : readOnce(study, receive);
  const close = (): void => {
    source?.close();
    annotations.close();
  };
  return { study, isRead, annotations, close };
}

/** What is drawn on one study, as it is now. */
export function useAnnotationsState(annotations: StudyAnnotations | undefined): AnnotationsState {
  const snapshot = useSyncExternalStore(annotations?.subscribe ?? never, annotations?.getSnapshot ?? nothing);
  return { annotations, snapshot };
}

/** What is drawn on the studies of the desk, in the session that shows them, for as long as both are there; the study that is read comes first. */
export function useAnnotations(
  studies: readonly StudyRef[],
  active: StudyRef,
  session: ViewerSession | undefined,
): readonly OpenStudy[] {
  const authorId = useUser()?.id;
  const can = useCan();
  const [canRead, canWrite] = [can('annotations.read'), can('annotations.write')];
  const [drawings, setDrawings] = useState<DeskDrawings>();
  const [open, setOpen] = useState<readonly OpenStudy[]>([]);
  useEffect(() => {
    if (authorId === undefined || !canRead || session === undefined) return;
    const made = new DeskDrawings(
      canWrite,
      (study, isRead) => openStudy(study, isRead, authorId, canWrite),
      (uid) => session.studyOf(uid),
    );
    void editQueue.resume(authorId);
    setDrawings(made);
    const unbind = session.measurements.bind(made);
    return () => {
      unbind();
      made.close();
      setDrawings(undefined);
    };
  }, [session, authorId, canRead, canWrite]);
  useEffect(() => setOpen(drawings?.show(studies) ?? []), [drawings, studies]);
  useEffect(() => drawings?.setActive(active), [drawings, active]);
  return open;
}
