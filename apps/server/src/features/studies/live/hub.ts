import { z } from 'zod';
import type { Changes } from '../../../platform/shared-state/index.ts';

/** What of the index has changed: a study, the studies of a patient, or it is not known what. */
export type StudyChange = { readonly studyId: string } | { readonly patientId: string } | 'missed';

/** What of the archive's notifications (archive/notify.ts) is looked at. */
const Payload = z.object({ kind: z.string().optional(), id: z.string().optional(), studyId: z.string().optional() });

function changeOf(payload: string): StudyChange | undefined {
  const { data } = Payload.safeParse(JSON.parse(payload));
  if (data?.studyId !== undefined) return { studyId: data.studyId };
  if (data?.id === undefined) return undefined;
  return data.kind === 'patient' ? { patientId: data.id } : { studyId: data.id };
}

export type StudyChanges = (listener: (change: StudyChange) => void) => () => void;

/** Every committed change of studies, of whichever process; each listener costs no line of its own. */
export function studyChangesOf(changes: Pick<Changes, 'subscribe'>): StudyChanges {
  const listeners = new Set<(change: StudyChange) => void>();
  const tell = (change: StudyChange | undefined): void => {
    if (change !== undefined) for (const listener of listeners) listener(change);
  };
  const subscriber = { onPayload: (payload: string) => tell(changeOf(payload)), onReset: () => tell('missed') };
  let isListening = false;
  return (listener) => {
    if (!isListening)
      for (const channel of ['negatoscope_index', 'negatoscope_series'] as const) changes.subscribe(channel, subscriber);
    isListening = true;
    listeners.add(listener);
    return () => void listeners.delete(listener);
  };
}
