import { useEffect, useState, useSyncExternalStore } from 'react';
import { useCan, useUser } from '../../api/me.ts';
import { LiveAnnotations } from '../annotations/live.ts';
import { editQueue } from '../annotations/queue.ts';
import { type AnnotationsSnapshot, StudyAnnotations } from '../annotations/study-annotations.ts';
import type { ViewerSession } from '../engine/index.ts';
import type { StudyRef } from '../model/dicomweb.ts';

const NOTHING: AnnotationsSnapshot = { items: [], waiting: 0, conflicts: [], refused: undefined };
const never = (): (() => void) => () => undefined;
const nothing = (): AnnotationsSnapshot => NOTHING;

export interface AnnotationsState {
  /** Undefined before it is known who reads. */
  readonly annotations: StudyAnnotations | undefined;
  readonly snapshot: AnnotationsSnapshot;
}

/** What is drawn on a study, in the session that shows it, for as long as both are there. */
export function useAnnotations(study: StudyRef, session: ViewerSession | undefined): AnnotationsState {
  const authorId = useUser()?.id;
  const can = useCan();
  const [canRead, canWrite] = [can('annotations.read'), can('annotations.write')];
  const [annotations, setAnnotations] = useState<StudyAnnotations>();
  useEffect(() => {
    if (authorId === undefined || !canRead) return;
    let live: LiveAnnotations | undefined;
    const refresh = (): Promise<unknown> => live?.refresh() ?? Promise.resolve();
    const opened = new StudyAnnotations({ study, authorId, canWrite, queue: editQueue, refresh });
    live = new LiveAnnotations(study, (items) => opened.receive(items));
    void editQueue.resume(authorId);
    setAnnotations(opened);
    return () => {
      live?.close();
      opened.close();
      setAnnotations(undefined);
    };
  }, [study, authorId, canRead, canWrite]);
  useEffect(() => (annotations === undefined ? undefined : session?.measurements.bind(annotations)), [session, annotations]);
  const snapshot = useSyncExternalStore(annotations?.subscribe ?? never, annotations?.getSnapshot ?? nothing);
  return { annotations, snapshot };
}
