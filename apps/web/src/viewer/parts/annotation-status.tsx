import { CloudAlert, CloudCheck, CloudUpload, EyeOff, GitCompareArrows, type LucideIcon } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import { Button } from 'react-aria-components';
import { ApiError, errorText } from '../../api/error.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import type { AnnotationsSnapshot } from '../annotations/study-annotations.ts';
import { buttonClass } from './controls.tsx';
import type { AnnotationsState } from './use-annotations.ts';

/** What is sent at once is no news. */
const NEWS_AFTER_MS = 1_500;

/** True once `isSo` has been true for a while. */
function useLasting(isSo: boolean): boolean {
  const [isLasting, setIsLasting] = useState(false);
  useEffect(() => {
    setIsLasting(false);
    if (!isSo) return;
    const timer = setTimeout(() => setIsLasting(true), NEWS_AFTER_MS);
    return () => clearTimeout(timer);
  }, [isSo]);
  return isLasting;
}

type State = 'saved' | 'waiting' | 'refused' | 'read-only';

function stateOf({ refused, waiting, conflicts }: AnnotationsSnapshot, canWrite: boolean, isLate: boolean): State {
  if (!canWrite) return 'read-only';
  if (refused !== undefined || conflicts.length > 0) return 'refused';
  return waiting > 0 && isLate ? 'waiting' : 'saved';
}

const ICONS: Readonly<Record<State, readonly [LucideIcon, string]>> = {
  saved: [CloudCheck, 'text-(--ng-text-dim)'],
  waiting: [CloudUpload, 'text-(--ng-amber)'],
  refused: [CloudAlert, 'text-(--ng-amber)'],
  'read-only': [EyeOff, 'text-(--ng-text-dim)'],
};

/** Whether what is drawn is kept: a small sign, with a number only when something waits. */
export function AnnotationStatus({ annotations, snapshot }: AnnotationsState) {
  const t = useText('viewer');
  const isLate = useLasting(snapshot.waiting > 0);
  if (annotations === undefined) return null;
  const state = stateOf(snapshot, annotations.canWrite, isLate);
  const [Icon, colour] = ICONS[state];
  const text = state === 'waiting' ? t('annotations.waiting', { count: snapshot.waiting }) : t(`annotations.${state}`);
  return (
    <span
      role="status"
      data-testid="annotation-status"
      data-state={state}
      data-waiting={snapshot.waiting}
      data-count={snapshot.items.length}
      title={text}
      className={`flex shrink-0 items-center gap-1 px-1 text-xs ${colour}`}
    >
      <Icon size={16} aria-hidden />
      {state === 'waiting' && <span aria-hidden>{snapshot.waiting}</span>}
      <span className="sr-only">{text}</span>
    </span>
  );
}

/** What needs a person: an edit that came second, or one that was refused. Stands over the panes until it is decided. */
export function AnnotationNotices({ annotations, snapshot }: AnnotationsState) {
  const t = useText('viewer');
  const locale = useLocale();
  const [conflict] = snapshot.conflicts;
  if (annotations === undefined) return null;
  if (conflict !== undefined) {
    return (
      <Notice text={t(conflict.mine.isDeleted ? 'annotations.conflictDeleted' : 'annotations.conflict')}>
        <NoticeButton text={t('annotations.keepOther')} onPress={() => annotations.settle(conflict.id, 'theirs')} />
        <NoticeButton text={t('annotations.keepMine')} onPress={() => annotations.settle(conflict.id, 'mine')} />
      </Notice>
    );
  }
  if (snapshot.refused === undefined) return null;
  const { refused } = snapshot;
  return (
    <Notice text={refused === 'EXPIRED' ? t('annotations.expired') : errorText(new ApiError(refused, 0), locale)}>
      <NoticeButton text={t('actions.close')} onPress={annotations.readRefusal} />
    </Notice>
  );
}

function Notice({ text, children }: { readonly text: string; readonly children: ReactNode }) {
  return (
    <div
      role="alert"
      className="absolute top-14 left-1/2 z-20 flex w-max max-w-[min(36rem,calc(100%-1.5rem))] -translate-x-1/2 flex-wrap items-center gap-2 rounded-md border border-(--ng-amber)/60 bg-(--ng-surface) px-3 py-2 text-(--ng-text) text-sm shadow-xl"
    >
      <GitCompareArrows size={16} aria-hidden className="shrink-0 text-(--ng-amber)" />
      <span className="min-w-40 grow basis-60">{text}</span>
      <span className="flex flex-wrap gap-1">{children}</span>
    </div>
  );
}

const NoticeButton = ({ text, onPress }: { readonly text: string; readonly onPress: () => void }) => (
  <Button className={`${buttonClass} border border-(--ng-line) px-2 text-xs`} onPress={onPress}>
    {text}
  </Button>
);
