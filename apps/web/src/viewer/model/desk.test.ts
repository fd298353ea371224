import { describe, expect, it } from 'vitest';
import { cellOf, type Desk, type DeskAction, deskAfter, emptyDesk, type Hung, ownPane, paneCount, studiesOf } from './desk.ts';

const study = { studyInstanceUid: '1.1' };
const prior = { studyInstanceUid: '1.2' };
const [A, B, C]: readonly Hung[] = [1, 2, 3].map((n) => ({ study, seriesInstanceUid: `1.1.${n}` }));
const P: Hung = { study: prior, seriesInstanceUid: '1.2.1' };
if (A === undefined || B === undefined || C === undefined) throw new Error('three series');
const after = (...actions: DeskAction[]): Desk => actions.reduce(deskAfter, emptyDesk(study));
const grid = (rows: number, columns: number) => ({ rows, columns });
const hang: DeskAction = { type: 'hang', grid: grid(1, 2), slots: [A, P] };

describe('the desk', () => {
  it('hangs by itself until the reader arranges something', () => {
    expect(after(hang).slots).toEqual([A, P]);
    expect(after(hang, { type: 'activate', pane: 1 }, { ...hang, slots: [B, P] }).slots).toEqual([B, P]);
    expect(after(hang, { type: 'show', pane: 1, hung: C }, hang).slots).toEqual([A, C]);
    expect(after({ type: 'grid', grid: grid(2, 2), more: [] }, hang).slots).toHaveLength(4);
  });

  it('keeps what hangs when there are more panes, and fills the new ones with what does not hang yet', () => {
    const more = after(hang, { type: 'grid', grid: grid(2, 2), more: [A, B, C] });
    expect([more.slots, more.active]).toEqual([[A, P, B, C], 0]);
    expect(after(hang, { type: 'grid', grid: grid(2, 2), more: [A] }).slots).toEqual([A, P, undefined, undefined]);
  });

  it('one pane shows what was looked at', () => {
    const one = after(hang, { type: 'activate', pane: 1 }, { type: 'grid', grid: grid(1, 1), more: [A] });
    expect([one.slots, one.active]).toEqual([[P], 0]);
  });

  it('tiles the series that was looked at, no further than it has slices; another one takes its tiles', () => {
    const tiled = after(hang, { type: 'activate', pane: 1 }, { type: 'tile', grid: grid(2, 3), count: 4 });
    expect([tiled.slots, tiled.isTiled, tiled.active]).toEqual([[P, P, P, P, undefined, undefined], true, 0]);
    const other = deskAfter(tiled, { type: 'show', pane: 2, hung: B });
    expect([other.slots, other.isTiled]).toEqual([Array(6).fill(B), true]);
    const ended = deskAfter(other, { type: 'grid', grid: grid(1, 2), more: [A] });
    expect([ended.slots, ended.isTiled]).toEqual([[B, A], false]);
  });

  it('shows one pane over the others and goes back; one alone is full already', () => {
    const full = after(hang, { type: 'activate', pane: 1 }, { type: 'full' });
    expect([full.full, deskAfter(full, { type: 'full' }).full]).toEqual([1, undefined]);
    expect(after({ type: 'full' }).full).toBeUndefined();
    expect(deskAfter(full, { type: 'grid', grid: grid(1, 2), more: [] }).full).toBeUndefined();
  });

  it('goes from pane to pane, round; in full the next one is shown', () => {
    const next = { type: 'turn', by: 1 } as const;
    expect([after(hang, next).active, after(hang, next, next).active]).toEqual([1, 0]);
    expect(after(hang, { type: 'turn', by: -1 }).active).toBe(1);
    expect(after(hang, { type: 'full' }, next).full).toBe(1);
  });

  it('names the studies that hang, the one that is read first, and not one of two groups for the other', () => {
    expect(studiesOf(after({ ...hang, slots: [P, A] }))).toEqual([study, prior]);
    const twin = { studyInstanceUid: '1.1', groupId: 'g' };
    expect(studiesOf(after({ ...hang, slots: [A, { ...A, study: twin }] }))).toEqual([study, twin]);
    expect(paneCount(grid(4, 4))).toBe(16);
  });
});

describe('the first pane of the study itself', () => {
  it('is not the first of all where a saved rule gives that to the prior, whether or not its series are known', () => {
    expect(ownPane(after({ type: 'hang', grid: grid(1, 2), slots: [P, A] }))).toBe(1);
    expect(ownPane(after({ type: 'hang', grid: grid(1, 2), slots: [undefined, A] }))).toBe(1);
    expect(ownPane(after(hang))).toBe(0);
    expect(ownPane(emptyDesk(study))).toBeUndefined();
  });
  it('has its cell by the columns in which panes are filled row by row', () => {
    expect([0, 1, 2, 3].map((pane) => cellOf(pane, 3))).toEqual([
      [1, 1],
      [1, 2],
      [1, 3],
      [2, 1],
    ]);
  });
});
