import type { AnnotationKind } from '@negatoscope/contract';
import { describe, expect, it } from 'vitest';
import type { PixelPoint } from '../../model/calibration.ts';
import type { FrameModel } from '../../model/study-model.ts';
import type { Drawn } from '../measurements.ts';
import { DrawingBoard } from './board.ts';

const frame = { rows: 400, columns: 400, drawingSpacing: { rowMm: 1, columnMm: 1 } } as FrameModel; // What the board reads of it.
const REACH = 7;

/** Where the text of `a` stands on the screen, while nobody has moved it: its middle is 50, 15 in pixels of the image. */
const TEXT = { x: 90, y: 30, width: 40, height: 20 };

function boardWith(items: readonly Drawn[] = []) {
  const done: unknown[] = [];
  const state = { selected: undefined as string | undefined, isHere: true, hasText: false, frame };
  const board = new DrawingBoard({
    // Two pixels of the screen for one of the image.
    place: () => (state.isHere ? { frame: state.frame, toPane: { origin: [10, 10], i: [2, 0], j: [0, 2] } } : undefined),
    items: () => items,
    textBox: (id) => (id === 'a' && state.hasText ? TEXT : undefined),
    selected: () => state.selected,
    select: (id) => {
      state.selected = id;
    },
    finish: (kind, points) => done.push([kind, points]),
    change: (id, points, textAt) => done.push(textAt === undefined ? [id, points] : [id, points, textAt]),
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

describe('the text of a drawing', () => {
  const LINE = [
    [0, 0],
    [50, 0],
  ];
  const moved = (id: string): Drawn => {
    const { geometry, ...rest } = length(id);
    return { ...rest, geometry: { ...geometry, space: 'PIXEL', textAt: [40, 40] } };
  };

  it('is moved alone, from where it stands, and kept in pixels of the image', () => {
    const { drag, done, state } = boardWith([length('a')]);
    state.hasText = true;
    state.selected = 'a';
    expect(drag(undefined, [110, 40], [130, 80])).toBe(true);
    expect(done).toEqual([['a', LINE, [60, 35]]]);
  });

  it('stays near its picture, however far it is pulled', () => {
    const { drag, done, state } = boardWith([length('a')]);
    state.hasText = true;
    state.selected = 'a';
    drag(undefined, [110, 40], [90_000, -90_000]);
    expect(done).toEqual([['a', LINE, [800, -400]]]);
  });

  it('goes along with the whole, and stays where it is when a point is moved', () => {
    const { drag, done, state } = boardWith([moved('a')]);
    state.selected = 'a';
    drag(undefined, [60, 10], [70, 30]);
    drag(undefined, [110, 10], [110, 30]);
    expect(done).toEqual([
      [
        'a',
        [
          [5, 10],
          [55, 10],
        ],
        [45, 50],
      ],
      [
        'a',
        [
          [0, 0],
          [50, 10],
        ],
        [40, 40],
      ],
    ]);
  });

  it('never keeps anybody from the drawing under it', () => {
    const under: Drawn = { ...length('b'), geometry: { space: 'PIXEL', points: [40, 15, 60, 15] } };
    const { board, state } = boardWith([under, length('a')]);
    state.hasText = true;
    expect(board.hit([110, 40], REACH)?.item.id).toBe('b');
    expect(board.hit([110, 49], 2)).toMatchObject({ item: { id: 'a' }, part: 'text' });
  });

  it('is drawn over by a tool that draws, until its drawing is selected', () => {
    const { drag, done, state } = boardWith([length('a')]);
    state.hasText = true;
    expect(drag('LENGTH', [110, 40], [130, 80])).toBe(true);
    expect(done.map((one) => (one as unknown[])[0])).toEqual(['LENGTH']);
    state.selected = 'a';
    drag('LENGTH', [110, 40], [130, 80]);
    expect(done.at(-1)).toEqual(['a', LINE, [60, 35]]);
  });

  it('is moved by keys step by step, in one edit', () => {
    const { board, done, state } = boardWith([length('a')]);
    state.hasText = true;
    expect([board.moveText(length('a'), [8, 0]), board.moveText(length('a'), [0, -4])]).toEqual([true, true]);
    expect([done, board.pending?.textAt, state.selected]).toEqual([[], [54, 13], 'a']);
    // A pointer that passes moves nothing.
    board.move([300, 300], false, REACH);
    board.settle();
    board.settle();
    expect(done).toEqual([['a', LINE, [54, 13]]]);
  });

  it('is kept where keys have put it when another frame is shown, and given up on a word', () => {
    const { board, done, state } = boardWith([length('a')]);
    state.hasText = true;
    board.moveText(length('a'), [8, 0]);
    expect([board.cancel(), board.pending]).toEqual([true, undefined]);
    board.moveText(length('a'), [8, 0]);
    board.keepTo({ ...frame });
    expect(done).toEqual([['a', LINE, [54, 15]]]);
  });

  it('of somebody else stays where it is', () => {
    const { board, drag, done, state } = boardWith([length('a', false)]);
    state.hasText = true;
    state.selected = 'a';
    expect([board.moveText(length('a', false), [8, 0]), drag(undefined, [110, 40], [130, 80]), done]).toEqual([false, false, []]);
  });

  it('that is an annotation by itself moves as it', () => {
    const text: Drawn = { ...length('a'), kind: 'TEXT', label: 'note', geometry: { space: 'PIXEL', points: [10, 15] } };
    const { board, drag, done, state } = boardWith([text]);
    state.hasText = true;
    state.selected = 'a';
    drag(undefined, [110, 40], [130, 80]);
    board.moveText(text, [8, 0]);
    board.settle();
    expect(done).toEqual([
      ['a', [[20, 35]]],
      ['a', [[14, 15]]],
    ]);
  });
});

describe('a line that was drawn by hand', () => {
  const corners = Array.from({ length: 60 }, (_, at) => [
    100 + 40 * Math.cos((Math.PI * at) / 30),
    100 + 40 * Math.sin((Math.PI * at) / 30),
  ]);
  const ring: Drawn = { ...length('r'), kind: 'FREEHAND', geometry: { space: 'PIXEL', points: corners.flat() } };

  it('bends where it is pulled, and stays as it is on the other side', () => {
    const { drag, done, state } = boardWith([ring]);
    state.selected = 'r';
    // 140, 100 in pixels of the image, and ten of them to the right.
    expect(drag(undefined, [290, 210], [310, 210])).toBe(true);
    const [, points] = done[0] as [string, PixelPoint[]];
    const [right, left] = [Math.max(...points.map(([x]) => x)), Math.min(...points.map(([x]) => x))];
    expect([right, left].map((one) => Math.round(one * 1e6) / 1e6)).toEqual([150, 60]);
  });

  it('is moved as a whole by its middle once it is selected, which draws as everywhere else before', () => {
    const { board, drag, done, state } = boardWith([ring]);
    expect(drag(undefined, [210, 210], [230, 210])).toBe(false);
    expect(board.press([210, 210], 'LENGTH', REACH)).toBe(true);
    expect(board.pending?.kind).toBe('LENGTH');
    board.cancel();
    state.selected = 'r';
    drag(undefined, [210, 210], [230, 210]);
    const [, points] = done[0] as [string, PixelPoint[]];
    expect(points.map(([x, y]) => [x - 10, y].map(Math.fround))).toEqual(corners.map((one) => one.map(Math.fround)));
  });
});
