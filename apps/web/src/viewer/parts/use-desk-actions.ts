import type { HangingLayout } from '@negatoscope/contract';
import { featuresOf, kindOf } from '@negatoscope/dicom';
import { useState } from 'react';
import { isSameStudy } from '../annotations/kept-edit.ts';
import { type Hung, isSameSeries } from '../model/desk.ts';
import { ruleOf } from '../model/hanging.ts';
import type { LayoutMenuProps } from './layout-menu.tsx';
import { useLinks } from './panes.tsx';
import { openSecondWindow } from './second-window.ts';
import { listedOf, type Room } from './use-room.ts';

/** What is on the screen, as it is kept: each series by its kind, with what its images say where they are here. */
function layoutNow({ desk, study, panes, ...room }: Room, isLinked: boolean): HangingLayout | undefined {
  if (desk.isTiled || desk.slots.every((hung) => hung === undefined)) return undefined;
  const listed = listedOf({ study, ...room });
  const kindOfHung = (hung: Hung) => {
    const all = listed.find((one) => isSameStudy(one.study, hung.study))?.series ?? [];
    const summary = all.find((one) => one.seriesInstanceUid === hung.seriesInstanceUid);
    const shown = panes.map((pane) => pane?.series).find((series) => series?.seriesInstanceUid === hung.seriesInstanceUid);
    if (summary === undefined) return undefined;
    return { isCurrent: isSameStudy(hung.study, study), features: featuresOf(summary, shown) };
  };
  return ruleOf(desk.grid, desk.slots, kindOfHung, isLinked);
}

/** Shows what stands beside, or the study itself, in a window of its own; what is shown there leaves this one. */
function secondWindow({ study, hanging, addressOf }: Room): (() => void) | undefined {
  if (addressOf === undefined) return undefined;
  const { beside, compareWith } = hanging;
  return () =>
    void openSecondWindow(addressOf(beside ?? study)).then((isOpen) => {
      if (isOpen && beside !== undefined) compareWith(undefined);
    });
}

/** What the reader does with the panes. */
export function useDeskActions(room: Room) {
  const { desk, act, session, panes } = room;
  const all = listedOf(room).flatMap(({ study, series = [] }) =>
    series.map(({ seriesInstanceUid }) => ({ study, seriesInstanceUid })),
  );
  const [isLayoutOpen, setIsLayoutOpen] = useState(false);
  const [hasLines, setHasLines] = useState(true);
  const kind = kindOf(room.list.series ?? []);
  const { isOn: isLinked } = useLinks(session);
  const step = (by: 1 | -1): void => {
    const shown = desk.slots[desk.active];
    const own = all.filter((one) => shown !== undefined && isSameStudy(one.study, shown.study));
    const hung = own[own.findIndex((one) => isSameSeries(one, shown)) + by];
    if (shown !== undefined && hung !== undefined) act({ type: 'show', pane: desk.active, hung });
  };
  return {
    step,
    layout: {
      grid: desk.grid,
      isTiled: desk.isTiled,
      isOpen: isLayoutOpen,
      onOpen: setIsLayoutOpen,
      onGrid: (grid) => act({ type: 'grid', grid, more: all }),
      onTiles: (grid) => act({ type: 'tile', grid, count: panes[desk.active]?.getSnapshot().frameCount ?? 0 }),
      kind,
      groupId: room.study.groupId,
      layoutNow: () => layoutNow(room, isLinked),
    } satisfies LayoutMenuProps,
    desk: {
      isLinked,
      onLink: () => session?.links.setLinked(!isLinked),
      hasLines,
      onLines: () => setHasLines((shown) => !shown),
      onSecondWindow: secondWindow(room),
      isFull: desk.full !== undefined,
      onFull: () => act({ type: 'full' }),
    },
  };
}
