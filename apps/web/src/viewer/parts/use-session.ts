import { useEffect, useState } from 'react';
import { useLocale } from '../../i18n/index.ts';
import { type Left, openSession, type ViewerSession } from '../engine/index.ts';
import { useLabelsIn } from './measurement-labels.ts';

export interface SessionState {
  readonly session: ViewerSession | undefined;
  readonly hasFailed: boolean;
  /** The graphics card was lost, and a session with another drawing context takes the place of the one before. */
  readonly isRecovering: boolean;
}

const CLOSED: SessionState = { session: undefined, hasFailed: false, isRecovering: false };

/**
 * Opens a session with the component and destroys it with it. One whose component has gone before it was there is not opened at all. One that loses its drawing context is followed by another, which shows what
 * it has shown.
 */
export function useSession(openedAt: number, firstPicture: Promise<void>): SessionState {
  const labels = useLabelsIn(useLocale());
  const [state, setState] = useState<SessionState>(CLOSED);
  const [left, setLeft] = useState<Left>();
  // biome-ignore lint/correctness/useExhaustiveDependencies: labels that change later are handed over below, without a new session.
  useEffect(() => {
    const gone = new AbortController();
    let opened: ViewerSession | undefined;
    setState({ ...CLOSED, isRecovering: left !== undefined });
    openSession({ labels, openedAt, left, onLost: setLeft, signal: gone.signal }, firstPicture).then(
      (session) => {
        opened = session;
        if (gone.signal.aborted) session.destroy();
        else setState({ ...CLOSED, session });
      },
      () => {
        if (!gone.signal.aborted) setState({ ...CLOSED, hasFailed: true });
      },
    );
    return () => {
      gone.abort();
      setState(CLOSED);
      // Panes unmount in the same pass; the session goes after them.
      queueMicrotask(() => opened?.destroy());
    };
  }, [openedAt, firstPicture, left]);
  useEffect(() => state.session?.setLabels(labels), [state.session, labels]);
  return state;
}
