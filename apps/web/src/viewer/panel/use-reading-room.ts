import type { ReactNode } from 'react';
import { useCallback, useEffect, useRef, useState } from 'react';
import type { StudyAnnotations } from '../annotations/study-annotations.ts';
import { isWaiting, type Pane } from '../engine/index.ts';
import type { StudyRef } from '../model/dicomweb.ts';
import type { AnnotationsState } from '../parts/use-annotations.ts';
import { usePaneValue } from '../parts/use-pane-snapshot.ts';
import { isElsewhere } from '../parts/use-viewer-keys.ts';
import type { ReadingPorts } from './ports.ts';
import { type LeaseState, useLease } from './use-lease.ts';
import { type StarState, useStar } from './use-star.ts';

const KEPT_AS = 'ng.panel';
/** On narrower pages images need the room. */
const OPEN_FROM = '(min-width: 1280px)';
/** The images that are looked at come first. */
const AHEAD_AFTER_MS = 2_000;

function isOpenAtFirst(): boolean {
  try {
    const kept = localStorage.getItem(KEPT_AS);
    if (kept === 'closed') return false;
  } catch {
    // Without storage it is as if nothing had been chosen.
  }
  return window.matchMedia(OPEN_FROM).matches;
}

function keepOpen(isOpen: boolean): void {
  try {
    localStorage.setItem(KEPT_AS, isOpen ? 'open' : 'closed');
  } catch {
    // The choice lasts as long as the page.
  }
}

export interface ReadingRoomState {
  readonly isOpen: boolean;
  readonly toggle: () => void;
  readonly lease: LeaseState;
  readonly star: StarState;
  readonly about: ReactNode;
  readonly onOpen: ((study: StudyRef) => void) | undefined;
  readonly onNext: (() => void) | undefined;
  readonly onReadAndNext: (() => void) | undefined;
}

interface ReadingRoomOptions {
  readonly study: StudyRef;
  readonly annotations: AnnotationsState;
  /** What is drawn on any study of the desk. */
  readonly annotationsOf: (study: StudyRef) => StudyAnnotations | undefined;
  readonly pane: Pane | undefined;
  readonly ports: ReadingPorts | undefined;
}

/** The state of the panel and what its keys do: G shows it, Shift and M marks a key image, N goes to the next study, Shift and N marks this one as read before. */
export function useReadingRoom({ study, annotations, annotationsOf, pane, ports }: ReadingRoomOptions): ReadingRoomState {
  const [isOpen, setIsOpen] = useState(() => ports?.opensPanel === true || isOpenAtFirst());
  const lease = useLease(study);
  const star = useStar(annotations, annotationsOf);
  const toggle = useCallback(
    () =>
      setIsOpen((open) => {
        keepOpen(!open);
        return !open;
      }),
    [],
  );
  const { onNext, onReadAndNext } = useNext(ports, lease.mayRead);
  usePrefetchedNext(ports, pane);
  useKeys({ toggle, star: () => star.toggle(pane), next: onNext, readAndNext: onReadAndNext });
  return { isOpen, toggle, lease, star, onOpen: ports?.open, about: ports?.about, onNext, onReadAndNext };
}

function useNext(ports: ReadingPorts | undefined, mayRead: boolean) {
  const isGoing = useRef(false);
  const go = useCallback(
    async (marks: boolean) => {
      // A key that is held down goes on by one study.
      if (ports === undefined || isGoing.current) return;
      isGoing.current = true;
      try {
        if (marks && !(await ports.markRead())) return;
        const next = await ports.findNext();
        if (next === undefined) ports.onNothingLeft();
        else ports.openNext(next);
      } catch (error) {
        ports.onFailed(error);
      } finally {
        isGoing.current = false;
      }
    },
    [ports],
  );
  if (ports === undefined) return { onNext: undefined, onReadAndNext: undefined };
  return { onNext: () => void go(false), onReadAndNext: mayRead ? () => void go(true) : undefined };
}

/** The next study's beginning is fetched once the present one has its picture, and never while the reader waits for a frame of this one. */
function usePrefetchedNext(ports: ReadingPorts | undefined, pane: Pane | undefined): void {
  const isAtRest = usePaneValue(
    pane,
    (snapshot) => snapshot.status === 'unsupported' || (snapshot.shownIndex !== undefined && !isWaiting(snapshot)),
  );
  const fetched = useRef<ReadingPorts>(undefined);
  useEffect(() => {
    if (ports === undefined || !isAtRest || fetched.current === ports) return;
    const timer = setTimeout(() => {
      fetched.current = ports;
      ports.findNext().then(
        (next) => next && ports.prefetch(next),
        () => undefined,
      );
    }, AHEAD_AFTER_MS);
    return () => clearTimeout(timer);
  }, [ports, isAtRest]);
}

interface Keys {
  readonly toggle: () => void;
  readonly star: () => void;
  readonly next: (() => void) | undefined;
  readonly readAndNext: (() => void) | undefined;
}

function useKeys(keys: Keys): void {
  const latest = useRef(keys);
  useEffect(() => {
    latest.current = keys;
  });
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || isElsewhere(event)) return;
      const { toggle, star, next, readAndNext } = latest.current;
      const key = `${event.shiftKey ? 'shift+' : ''}${event.key.toLowerCase()}`;
      const run = { g: toggle, 'shift+m': star, n: next, 'shift+n': readAndNext }[key];
      if (run === undefined) return;
      event.preventDefault();
      run();
    };
    window.addEventListener('keydown', onKeyDown, { capture: true });
    return () => window.removeEventListener('keydown', onKeyDown, { capture: true });
  }, []);
}
