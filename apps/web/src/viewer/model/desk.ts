import { isSameStudy } from '../annotations/kept-edit.ts';
import type { StudyRef } from './dicomweb.ts';

/** Panes beside each other and one above the other. */
export interface Grid {
  readonly rows: number;
  readonly columns: number;
}

export const MAX_SIDE = 4;
export const MAX_PANES = MAX_SIDE * MAX_SIDE;
export const ONE_PANE: Grid = { rows: 1, columns: 1 };
export const paneCount = ({ rows, columns }: Grid): number => rows * columns;

/** A series in a pane, with the study that it is of: panes of one desk may show several. */
export interface Hung {
  readonly study: StudyRef;
  readonly seriesInstanceUid: string;
}

/** What is in which pane. */
export interface Desk {
  /** The study that is read. */
  readonly study: StudyRef;
  readonly grid: Grid;
  /** By the number of the pane, row by row. */
  readonly slots: readonly (Hung | undefined)[];
  /** The pane that keys act on. */
  readonly active: number;
  /** The pane that is shown alone for the moment, over the others. */
  readonly full: number | undefined;
  /** The panes show one series, slice after slice. */
  readonly isTiled: boolean;
  /** The reader has arranged something: nothing hangs itself anew. */
  readonly isArranged: boolean;
}

export type DeskAction =
  /** What hangs by itself; nothing happens once the reader has arranged something, unless that is what they have chosen. */
  | { readonly type: 'hang'; readonly grid: Grid; readonly slots: readonly (Hung | undefined)[]; readonly isChosen?: boolean }
  | { readonly type: 'show'; readonly pane: number; readonly hung: Hung }
  /** Another number of panes; `more` are series that may fill those that are new. */
  | { readonly type: 'grid'; readonly grid: Grid; readonly more: readonly Hung[] }
  /** The series of the active pane in tiles; it has `count` frames. */
  | { readonly type: 'tile'; readonly grid: Grid; readonly count: number }
  | { readonly type: 'activate'; readonly pane: number }
  /** The next or the previous pane. */
  | { readonly type: 'turn'; readonly by: 1 | -1 }
  | { readonly type: 'full' };

export const isSameSeries = (a: Hung | undefined, b: Hung | undefined): boolean =>
  a !== undefined && b !== undefined && a.seriesInstanceUid === b.seriesInstanceUid && isSameStudy(a.study, b.study);

/** A desk on which nothing hangs yet but the series that was asked for. */
export const emptyDesk = (study: StudyRef, seriesInstanceUid?: string): Desk => ({
  study,
  grid: ONE_PANE,
  slots: [seriesInstanceUid === undefined ? undefined : { study, seriesInstanceUid }],
  active: 0,
  full: undefined,
  isTiled: false,
  isArranged: false,
});

const take = <T>(list: readonly T[], count: number): (T | undefined)[] => Array.from({ length: count }, (_, at) => list[at]);

function withHanging(desk: Desk, grid: Grid, slots: Desk['slots']): Desk {
  const active = desk.active < slots.length ? desk.active : 0;
  return { ...desk, grid, slots, active, full: undefined, isTiled: false };
}

function withGrid(desk: Desk, grid: Grid, more: readonly Hung[]): Desk {
  const count = paneCount(grid);
  // One pane shows what was looked at; of tiles one stays.
  const from = count === 1 || desk.isTiled ? [desk.slots[desk.active]] : desk.slots;
  const free = more.filter((one) => !from.slice(0, count).some((hung) => isSameSeries(hung, one)));
  const slots = take(from, count).map((hung) => hung ?? free.shift());
  const active = desk.isTiled || desk.active >= count ? 0 : desk.active;
  return { ...desk, grid, slots, active, full: undefined, isTiled: false, isArranged: true };
}

function withTiles(desk: Desk, grid: Grid, count: number): Desk {
  const hung = desk.slots[desk.active];
  if (hung === undefined) return desk;
  // A tile past the end would show a slice twice.
  const slots = Array.from({ length: paneCount(grid) }, (_, at) => (at < count ? hung : undefined));
  return { ...desk, grid, slots, active: 0, full: undefined, isTiled: true, isArranged: true };
}

function withSeries(desk: Desk, pane: number, hung: Hung): Desk {
  // A series that is opened on tiles is looked at in the same tiles.
  const slots = desk.isTiled ? desk.slots.map(() => hung) : desk.slots.map((one, at) => (at === pane ? hung : one));
  return { ...desk, slots, active: pane, isArranged: true };
}

export function deskAfter(desk: Desk, action: DeskAction): Desk {
  switch (action.type) {
    case 'hang':
      if (desk.isArranged && action.isChosen !== true) return desk;
      return withHanging(desk, action.grid, take(action.slots, paneCount(action.grid)));
    case 'show':
      return withSeries(desk, action.pane, action.hung);
    case 'grid':
      return withGrid(desk, action.grid, action.more);
    case 'tile':
      return withTiles(desk, action.grid, action.count);
    case 'activate':
      return action.pane === desk.active ? desk : { ...desk, active: action.pane };
    case 'turn': {
      const count = paneCount(desk.grid);
      const active = (desk.active + action.by + count) % count;
      return { ...desk, active, full: desk.full === undefined ? undefined : active };
    }
    case 'full':
      return { ...desk, full: desk.full === undefined && paneCount(desk.grid) > 1 ? desk.active : undefined };
  }
}

/** The first pane in which the study itself hangs that is read: by a rule somebody has saved the first of all may be the prior's. Undefined before anything of it hangs. */
export function ownPane({ study, slots }: Pick<Desk, 'study' | 'slots'>): number | undefined {
  const found = slots.findIndex((hung) => hung !== undefined && isSameStudy(hung.study, study));
  return found === -1 ? undefined : found;
}

/** Row and column, from 1, of a pane of a grid that is filled row by row. */
export const cellOf = (pane: number, columns: number): readonly [row: number, column: number] => [
  Math.floor(pane / columns) + 1,
  (pane % columns) + 1,
];

/** The studies of what hangs, the one that is read first. */
export function studiesOf({ study, slots }: Desk): readonly StudyRef[] {
  const studies = [study];
  for (const hung of slots)
    if (hung !== undefined && !studies.some((one) => isSameStudy(one, hung.study))) studies.push(hung.study);
  return studies;
}
