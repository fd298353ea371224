import { useEffect, useMemo, useState } from 'react';
import { useLocale, useText } from '../../i18n/index.ts';
import { type Left, type MeasurementLabels, openSession, type ViewerSession } from '../engine/index.ts';

function useLabels(): MeasurementLabels {
  const t = useText('viewer');
  const locale = useLocale();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the texts change with the language only.
  return useMemo(
    () => ({
      language: locale,
      uncalibrated: t('measure.uncalibrated'),
      outside: t('measure.outside'),
      detector: t('measure.detector'),
      estimated: t('measure.estimated'),
      padding: t('measure.padding'),
      provisional: t('measure.provisional'),
      cobb: t('measure.cobb'),
      ratio: t('measure.ratio'),
      heart: t('measure.heart'),
      thorax: t('measure.thorax'),
      area: t('measure.area'),
      mean: t('measure.mean'),
      minimum: t('measure.minimum'),
      maximum: t('measure.maximum'),
    }),
    [locale],
  );
}

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
  const labels = useLabels();
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
