import type { AnnotationKind } from '@negatoscope/contract';
import { describe, expect, it } from 'vitest';
import type { PixelPoint } from '../../model/calibration.ts';
import type { FrameModel } from '../../model/study-model.ts';
import type { Drawn } from '../measurements.ts';
import { DrawingBoard } from './board.ts';

const frame = { drawingSpacing: { rowMm: 1, columnMm: 1 } } as FrameModel; // What the board reads of it.
const REACH = 7;

function boardWith(items: readonly Drawn[] = []) {
  const done: unknown[] = [];
  const state = { selected: undefined as string | undefined, isHere: true, frame };
  const board = new DrawingBoard({
    // Two pixels of the screen for one of the image.
    place: () => (state.isHere ? { frame: state.frame, toPane: { origin: [10, 10], i: [2, 0], j: [0, 2] } } : undefined),
    items: () => items,
    textBox: () => undefined,
    selected: () => state.selected,
    select: (id) => {
      state.selected = id;
    },
    finish: (kind, points) => done.push([kind, points]),
    change: (id, points) => done.push([id, points]),
    redraw: () => undefined,
  });
  const drag = (kind: AnnotationKind | undefined, from: PixelPoint, to: PixelPoint): boolean => {
    const isTaken = board.press(from, kind, REACH);
    if (isTaken) {
      board.move(to, true, REACH);
      board.release(to, false);
    }
    return isTaken;
  };
  return { board, done, state, drag };
}
const length = (id: string, mayChange = true): Drawn => ({
  ...{ id, mayChange, kind: 'LENGTH', seriesInstanceUid: '1', sopInstanceUid: '1.2', frame: 1, label: null },
  geometry: { space: 'PIXEL', points: [0, 0, 50, 0] },
});

describe('a pane to draw on', () => {
  it('takes a drag of a drawing tool, in pixels of the image', () => {
    const { drag, done } = boardWith();
    expect(drag('LENGTH', [30, 30], [50, 70])).toBe(true);
    expect(done).toEqual([
      [
        'LENGTH',
        [
          [10, 10],
          [20, 30],
        ],
      ],
    ]);
  });

  it('lets others have what draws nothing', () => {
    const { drag, done } = boardWith([length('a')]);
    expect(drag(undefined, [300, 300], [320, 320])).toBe(false);
    // Not selected: the window is dragged over it.
    expect(drag(undefined, [60, 10], [60, 40])).toBe(false);
    expect(done).toEqual([]);
  });

  it('moves a point or the whole of what is selected, or near, with a drawing tool', () => {
    const { drag, done, state } = boardWith([length('a')]);
    state.selected = 'a';
    expect(drag(undefined, [110, 10], [110, 30])).toBe(true);
    expect(drag('ANGLE', [60, 12], [70, 32])).toBe(true);
    expect(done).toEqual([
      [
        'a',
        [
          [0, 0],
          [50, 10],
        ],
      ],
      [
        'a',
        [
          [5, 10],
          [55, 10],
        ],
      ],
    ]);
  });

  it('leaves alone what one may not change', () => {
    const { drag, done, state } = boardWith([length('a', false)]);
    state.selected = 'a';
    expect(drag(undefined, [110, 10], [110, 30])).toBe(false);
    expect(drag('LENGTH', [110, 10], [110, 30])).toBe(true);
    expect(done).toEqual([
      [
        'LENGTH',
        [
          [50, 0],
          [50, 10],
        ],
      ],
    ]);
  });

  it('draws nothing while the image that was asked for is to come, and keeps others from it', () => {
    const { drag, done, state, board } = boardWith();
    state.isHere = false;
    expect(drag('LENGTH', [30, 30], [50, 70])).toBe(true);
    expect([done, board.pending]).toEqual([[], undefined]);
  });

  it('gives up what was begun when another frame is drawn, or somebody says so', () => {
    const { board, done, state } = boardWith();
    board.press([30, 30], 'LENGTH', REACH);
    board.keepTo(frame);
    expect(board.pending?.kind).toBe('LENGTH');
    state.frame = { ...frame };
    board.keepTo(state.frame);
    board.release([50, 50], false);
    expect([board.pending, done]).toEqual([undefined, []]);
    board.press([30, 30], 'COBB', REACH);
    expect([board.cancel(), board.cancel()]).toEqual([true, false]);
  });

  it('keeps nothing of a click on what is there', () => {
    const { board, done, state } = boardWith([length('a')]);
    board.press([60, 10], 'LENGTH', REACH);
    board.release([60, 10], true);
    expect([done, state.selected]).toEqual([[], 'a']);
  });
});
