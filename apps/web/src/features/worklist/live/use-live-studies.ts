import type { Study } from '@negatoscope/contract';
import type { InfiniteData } from '@tanstack/react-query';
import { type RefObject, useCallback, useEffect, useRef, useState } from 'react';
import { addressOf } from '../../../api/address.ts';
import { LiveEvents } from '../../../api/live-events.ts';
import { queryClient } from '../../../api/query-client.ts';
import { ROUTES } from '../../../api/routes.ts';
import type { Page } from '../../../api/use-cursor-list.ts';
import { hideStudies, showStudies } from '../../../entities/study/cached.ts';
import { type FetchPage, PAGE_ROWS } from '../use-studies.ts';
import { compare, firstPages } from './compare.ts';
import { useLatePages } from './late-pages.ts';

/** What came is looked for together: an import brings many. */
const LOOK_AFTER_MS = 900;
/** An event may be missed, and a study may leave one's scope without one. */
const LOOK_EVERY_MS = 60_000;
const TOLD_MS = 1_600;
/** More pages than these are not compared one by one after a loss: they are read anew as one comes to them (`late-pages`). */
const MOST_PAGES = 10;

export interface LiveStudies {
  /** Rows that came and are not shown. */
  readonly waiting: number;
  /** When the line was lost; undefined while it is there. */
  readonly lostAt: Date | undefined;
  readonly changed: ReadonlySet<string>;
  readonly show: () => void;
}
interface Listed {
  readonly key: readonly unknown[];
  readonly fetchPage: FetchPage;
  readonly rows: readonly Study[];
  readonly gridRef: RefObject<HTMLDivElement | null>;
  /** New rows show by themselves while one is at the top. */
  readonly follows: boolean;
}
interface Event {
  readonly items: readonly Study[];
  readonly gone: readonly string[];
}

/** What a server that is trusted says; anything else is looked for. */
const eventOf = (data: string): Event => JSON.parse(data) as Event;

/** Rows that have just changed where they stand, for as long as that is told. */
function useTold(): [ReadonlySet<string>, (ids: readonly string[]) => void] {
  const [told, setTold] = useState<ReadonlySet<string>>(new Set());
  const tell = useCallback((ids: readonly string[]): void => {
    if (ids.length === 0) return;
    setTold((before) => new Set([...before, ...ids]));
    setTimeout(() => setTold((before) => new Set([...before].filter((id) => !ids.includes(id)))), TOLD_MS);
  }, []);
  return [told, tell];
}

/** The total above the list is the server's, whatever is shown. */
function keepTotal(key: readonly unknown[], { total, totalIsExact }: Page<Study>): void {
  queryClient.setQueryData<InfiniteData<Page<Study>>>(key, (cached) => {
    const [first, ...others] = cached?.pages ?? [];
    if (cached === undefined || first === undefined || (first.total === total && first.totalIsExact === totalIsExact))
      return cached;
    return { ...cached, pages: [{ ...first, total, totalIsExact }, ...others] };
  });
}

const isAtTop = (element: HTMLElement | null): boolean => (element?.scrollTop ?? 0) < 4;

/** Looks at the server's rows, brings those that are shown up to date where they stand, and counts those that are not. */
function useLook(latest: RefObject<Listed>, onFresh: (count: number) => void) {
  const markLate = useLatePages(latest);
  return useCallback(
    async (isCatchUp: boolean): Promise<void> => {
      const { key, fetchPage, rows } = latest.current;
      if (rows.length === 0 && queryClient.getQueryData([...key]) === undefined) return;
      const pages = isCatchUp ? Math.min(MOST_PAGES, Math.max(1, Math.ceil(rows.length / PAGE_ROWS))) : 1;
      const { rows: now, first, isWhole } = await firstPages((cursor) => fetchPage(cursor), pages);
      if (latest.current.key !== key) return;
      const { fresh, gone } = compare(latest.current.rows, now, isWhole);
      showStudies(now);
      hideStudies(gone);
      keepTotal(key, first);
      onFresh(fresh.length);
      if (isCatchUp && !isWhole) markLate(pages);
    },
    [latest, onFresh, markLate],
  );
}

/** A list that lives: rows change where they stand, new ones are told of and shown when that is asked for, and what was missed is caught up with. */
export function useLiveStudies(listed: Listed): LiveStudies {
  const latest = useRef(listed);
  latest.current = listed;
  const [waiting, setWaiting] = useState(0);
  const [lostAt, setLostAt] = useState<Date>();
  const [changed, tell] = useTold();
  const name = JSON.stringify(listed.key);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another list has nothing waiting yet.
  useEffect(() => setWaiting(0), [name]);

  const show = useCallback(() => {
    const { key, gridRef } = latest.current;
    setWaiting(0);
    void queryClient.refetchQueries({ queryKey: [...key], exact: true }).then(() =>
      requestAnimationFrame(() => {
        if (gridRef.current !== null) gridRef.current.scrollTop = 0;
      }),
    );
  }, []);
  const onFresh = useCallback(
    (count: number) => {
      const { follows, gridRef } = latest.current;
      if (count > 0 && follows && isAtTop(gridRef.current)) show();
      else setWaiting(count);
    },
    [show],
  );
  const look = useLook(latest, onFresh);
  useFollowed({ latest, look, tell, setLostAt });
  return { waiting, lostAt, changed, show };
}

interface Following {
  readonly latest: RefObject<Listed>;
  readonly look: (isCatchUp: boolean) => Promise<void>;
  readonly tell: (ids: readonly string[]) => void;
  readonly setLostAt: (change: (before: Date | undefined) => Date | undefined) => void;
}

function useFollowed({ latest, look, tell, setLostAt }: Following): void {
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const lookSoon = (): void => {
      timer ??= setTimeout(() => {
        timer = undefined;
        void look(false).catch(() => undefined);
      }, LOOK_AFTER_MS);
    };
    const take = ({ items, gone }: Event): void => {
      const here = new Map(latest.current.rows.map((study) => [study.id, study]));
      const known = items.filter(({ id }) => here.has(id));
      showStudies(items);
      hideStudies(gone);
      tell(known.flatMap((study) => (JSON.stringify(here.get(study.id)) === JSON.stringify(study) ? [] : [study.id])));
      if (known.length < items.length || gone.length > 0) lookSoon();
    };
    const [, path = ''] = ROUTES.studyEvents.split(' ');
    const live = new LiveEvents({
      address: () => addressOf(path),
      catchUp: () => look(true),
      isCaughtUp: true,
      onLine: (isHeard) => setLostAt((before) => (isHeard ? undefined : (before ?? new Date()))),
      on: { changed: (data) => take(eventOf(data)), missed: () => void look(true).catch(() => undefined) },
    });
    const often = setInterval(() => {
      if (!document.hidden) void look(false).catch(() => undefined);
    }, LOOK_EVERY_MS);
    return () => {
      clearTimeout(timer);
      clearInterval(often);
      live.close();
    };
  }, [latest, look, tell, setLostAt]);
}
