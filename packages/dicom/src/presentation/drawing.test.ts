import { describe, expect, test } from 'vitest';
import { el, sq } from '../elements-fixture.ts';
import { notDrawn, stateDrawing } from './drawing.ts';
import { presentationStateOf } from './state.ts';

const FRAME = { sopInstanceUid: '1.2.3', frameNumber: 1, rows: 100, columns: 100 };
const AT_ONCE = { origin: [0, 0], i: [1, 0], j: [0, 1] } as const;

type Graphic = readonly [type: string, points: readonly number[], isFilled?: boolean];

const graphicItem = ([type, points, isFilled = false]: Graphic) => ({
  ...{ '00700005': el('CS', 'PIXEL'), '00700020': el('US', 2), '00700021': el('US', points.length / 2) },
  ...{ '00700022': el('FL', ...points), '00700023': el('CS', type), '00700024': el('CS', isFilled ? 'Y' : 'N') },
});

/** A state that has written a text over every image (PS3.3 C.10.5), so many times, and drawn over it. */
function stateWith(text: string, times: number, graphics: readonly Graphic[] = []) {
  const state = presentationStateOf({
    '00080016': el('UI', '1.2.840.10008.5.1.4.1.1.11.1'),
    '00080018': el('UI', '1.2.4'),
    '00081115': sq({ '0020000E': el('UI', '1.2'), '00081140': sq({ '00081155': el('UI', '1.2.3') }) }),
    '00700001': sq({
      '00700002': el('CS', 'NOTES'),
      '00700009': sq(...graphics.map(graphicItem)),
      '00700008': sq(
        ...Array.from({ length: times }, () => ({
          '00700004': el('CS', 'PIXEL'),
          '00700006': el('ST', text),
          '00700014': el('FL', 10, 10),
          '00700015': el('CS', 'N'),
        })),
      ),
    }),
    '00700060': sq({ '00700002': el('CS', 'NOTES'), '00700062': el('IS', 1) }),
  });
  if (state === undefined) throw new TypeError('That is no state.');
  return state;
}

test.each<[string, string, boolean, number?]>([
  ['accents', 'Lésion 3: 12 mm', true],
  ['letters that have strokes', 'Lesion 3: 12 mm', true],
  ['lines as Windows ends them', 'one\r\ntwo', true],
  ['lines as old files end them', 'one\rtwo', true],
  ['another script', '山田', false],
  ['as many letters as are drawn', 'a'.repeat(1000), true, 20],
  ['a thousand more', 'a'.repeat(1000), false, 21],
])('what is told of a picture is what was drawn: %s', (_what, text, isWhole, times = 1) => {
  const state = stateWith(text, times);
  const drawn = draw(state);
  expect([notDrawn(state, FRAME), drawn !== undefined]).toEqual([isWhole ? [] : ['letters'], true]);
});

const draw = (state: ReturnType<typeof stateWith>): string =>
  stateDrawing(state, FRAME, AT_ONCE, { width: 100, height: 100, scale: 1 }) ?? '';

/** From one edge to the other and back. */
const zigzag = (points: number): number[] => Array.from({ length: points }, (_, at) => [at % 2 === 0 ? 0 : 100, at % 100]).flat();
const circle = (points: number): number[] =>
  Array.from({ length: points }, (_, at) => [
    50 + 40 * Math.cos((at * 7) / points),
    50 + 40 * Math.sin((at * 7) / points),
  ]).flat();
/** A contour: as many points, close to each other. */
const contour = (points: number): number[] => Array.from({ length: points }, (_, at) => [at % 100, (at / 100) % 100]).flat();

describe('lines that a state draws', () => {
  test.each<[string, Graphic, boolean]>([
    ['a contour of very many points', ['POLYLINE', contour(9000)], true],
    ['as long together as a picture has room for', ['POLYLINE', zigzag(2000)], true],
    ['one that goes over the picture ten thousand times', ['POLYLINE', zigzag(10_000)], false],
    ['the same, filled', ['POLYLINE', zigzag(1500), true], false],
    ['curves', ['INTERPOLATED', zigzag(1900)], true],
    ['a scribble on a hundredth of the picture', ['POLYLINE', zigzag(2500).map((value) => value / 100)], true],
    ['the same, filled', ['POLYLINE', zigzag(2500).map((value) => value / 100), true], false],
    ['a contour, filled', ['POLYLINE', circle(9000), true], true],
  ])('%s: what is not drawn is told', (_what, graphic, isWhole) => {
    const state = stateWith('a', 1, [graphic]);
    // The width of a line's rim; that of a letter's is another.
    expect([notDrawn(state, FRAME), draw(state).includes('stroke-width="3.5"')]).toEqual(
      isWhole ? [[], true] : [['lines'], false],
    );
  });

  test('are counted together, over what the state shows of the image; the first ones are drawn', () => {
    const one: Graphic = ['POLYLINE', zigzag(1000)];
    const state = stateWith('a', 1, [one, one, one]);
    expect(notDrawn(state, FRAME)).toEqual(['lines']);
    // Two in pieces of 64 points, with their rims, and the letter with its.
    expect(draw(state).split('<path')).toHaveLength(1 + 2 * 2 * Math.ceil(999 / 64) + 2);
    const circles = stateWith(
      'a',
      1,
      Array.from({ length: 500 }, (): Graphic => ['CIRCLE', [50, 50, 50 + 1e9, 50]]),
    );
    expect(notDrawn(circles, FRAME)).toEqual(['lines']);
  });

  test.each(['POLYLINE', 'INTERPOLATED'])(
    'a %s is drawn in pieces, for every line of one may cross every other; none of it is missing',
    (kind) => {
      const pieces = [
        ...draw(stateWith('a', 1, [[kind, zigzag(1000)]])).matchAll(/<path d="M([^"]+)" stroke="#000" stroke-width="3.5"/g),
      ].map(([, points = '']) => points.split('L'));
      expect(Math.max(...pieces.map(({ length }) => length))).toBe(65);
      for (const [at, piece] of pieces.entries()) if (at > 0) expect(piece[0]).toBe(pieces[at - 1]?.at(-1));
      const steps = kind === 'POLYLINE' ? 999 : 999 * 8;
      expect(pieces.reduce((sum, { length }) => sum + length - 1, 0)).toBe(steps);
      expect([pieces[0]?.[0], pieces.at(-1)?.at(-1)]).toEqual(['0.00 0.00', '100.00 99.00']);
    },
  );

  test('what is filled is one shape, above its rim and below its line', () => {
    const drawn = draw(stateWith('a', 1, [['POLYLINE', zigzag(200), true]]))
      .split('<path')
      .map((path) => /fill="rgb/.test(path));
    const pieces = Math.ceil(199 / 64);
    expect(drawn.slice(0, 2 * pieces + 2)).toEqual(Array.from({ length: 2 * pieces + 2 }, (_, at) => at === pieces + 1));
  });

  test('curves stay short enough to be read as one drawing', () => {
    const curves = stateWith(
      'a',
      1,
      Array.from({ length: 20 }, (): Graphic => ['INTERPOLATED', contour(2000)]),
    );
    expect(draw(curves).length).toBeLessThan(4_000_000);
  });
});
