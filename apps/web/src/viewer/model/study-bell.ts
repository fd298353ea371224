import type { StudyRef } from './dicomweb.ts';

const listeners = new Map<string, Set<() => void>>();
const keyOf = ({ studyInstanceUid, groupId }: StudyRef): string => `${groupId ?? ''}|${studyInstanceUid}`;

/** The server has said that who reads a study has changed. */
export function ringStudy(study: StudyRef): void {
  for (const listener of [...(listeners.get(keyOf(study)) ?? [])]) listener();
}

/** Listens for that; gives how to stop. */
export function onStudyRung(study: StudyRef, listener: () => void): () => void {
  const key = keyOf(study);
  const at = listeners.get(key) ?? new Set();
  listeners.set(key, at.add(listener));
  return () => {
    at.delete(listener);
    if (at.size === 0) listeners.delete(key);
  };
}
