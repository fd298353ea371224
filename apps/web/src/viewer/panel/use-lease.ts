import { useEffect, useState, useSyncExternalStore } from 'react';
import { useCan, useUser } from '../../api/me.ts';
import type { StudyRef } from '../model/dicomweb.ts';
import { type LeaseSnapshot, ReadingLease } from './reading-lease.ts';

const NOTHING: LeaseSnapshot = { reading: undefined, isReading: false, onlyLooks: false };
const never = (): (() => void) => () => undefined;
const nothing = (): LeaseSnapshot => NOTHING;

export interface LeaseState {
  readonly lease: ReadingLease | undefined;
  readonly snapshot: LeaseSnapshot;
  /** Whether this person may read, and not only look. */
  readonly mayRead: boolean;
}

/** The reading of a study for as long as it is open here. */
export function useLease(study: StudyRef): LeaseState {
  const userId = useUser()?.id;
  const mayRead = useCan()('studies.validate');
  const [lease, setLease] = useState<ReadingLease>();
  useEffect(() => {
    if (userId === undefined) return;
    const opened = new ReadingLease(study, mayRead);
    setLease(opened);
    return () => {
      opened.close();
      setLease(undefined);
    };
  }, [study, userId, mayRead]);
  const snapshot = useSyncExternalStore(lease?.subscribe ?? never, lease?.getSnapshot ?? nothing);
  return { lease, snapshot, mayRead };
}
