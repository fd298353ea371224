import type { Rgb } from '../overlaid/color.ts';
import { drawableText, strokeText, strokeWidth } from '../strokes/index.ts';
import { type PlacedText, pathOfGraphic, piecesOfGraphic, placeText, type StatePlace, type ToPane, toPaneOf } from './drawn.ts';
import { drawnLength } from './drawn-length.ts';
import type { StateFrame } from './placing.ts';
import { isInScope } from './references.ts';
import type { PresentationState, StateAnnotation, StateGraphic } from './types.ts';

/** What is far outside is as good as at the edge, and no number is longer than a line may be. */
const FAR = 100_000;
/** Letters of all texts together: each is a handful of strokes. */
const MOST_LETTERS = 20_000;
/** Lines that go once across or down what is shown, of all graphics together: fifty thousand of them held a thread for minutes. */
const MOST_LENGTHS = 2000;
/** Points of curves, of all graphics together. */
const MOST_CURVED = 5000;
/** Height of a capital, and its foot, by the size of the letters. */
const CAPITAL = 0.72;

/** What of a state is not drawn: letters without strokes or too many, or lines that are too long together. */
export type NotDrawn = 'letters' | 'lines';

export interface DrawingSize {
  /** Of the picture, in its pixels. */
  readonly width: number;
  readonly height: number;
  /** Pixels of the picture for one unit of `place`. */
  readonly scale: number;
}

const near = (value: number): number => (Number.isFinite(value) ? Math.max(-FAR, Math.min(FAR, value)) : 0);

const inkOf = (color: Rgb): string => `rgb(${color.map((part) => Math.round(near(part))).join(',')})`;
/** What is dark is told from the dark by a light rim. */
const rimOf = ([red, green, blue]: Rgb): string => (red + green + blue < 300 ? '#fff' : '#000');

const line = (path: string, color: string, width: number, more = ''): string =>
  `<path d="${path}" stroke="${color}" stroke-width="${width}" fill="none"${more}/>`;

/** A line in its colour above a wider one that tells it from what lies below; its pieces together, so that no rim lies over the ink of another. */
function inked(pieces: readonly string[], color: Rgb, [rim, ink]: readonly [rim: number, ink: number], filled = ''): string {
  const drawn = pieces.filter((path) => path !== '');
  return [
    ...drawn.map((path) => line(path, rimOf(color), rim, ' stroke-opacity="0.8"')),
    filled === '' ? '' : `<path d="${filled}" fill="${inkOf(color)}"/>`,
    ...drawn.map((path) => line(path, inkOf(color), ink)),
  ].join('');
}

function textPath({ lines, x, y, size, lineHeight, align }: PlacedText): string {
  const height = size * CAPITAL;
  return lines
    .map((line, at) => {
      const width = strokeWidth(line) * height;
      const left = align === 'start' ? x : align === 'end' ? x - width : x - width / 2;
      return strokeText(line, near(left), near(y + at * lineHeight - height), height);
    })
    .join('');
}

/** Lines stay lines: only their letters are looked for. */
const lettersOf = (text: string): ReturnType<typeof drawableText> =>
  drawableText(text.replaceAll('\r\n', '\n').replaceAll('\r', '\n'));

class Drawing {
  readonly #toPane: ToPane;
  #letters = MOST_LETTERS;
  #curved = MOST_CURVED;

  constructor(toPane: ToPane) {
    this.#toPane = (point, units) => {
      const [x, y] = toPane(point, units);
      return [near(x), near(y)];
    };
  }

  /** Curves are straight between their points once there are very many: each of them is eight lines. */
  #graphic(graphic: StateGraphic, color: Rgb): string {
    if (graphic.kind === 'interpolated') this.#curved -= graphic.points.length;
    const drawn: StateGraphic = this.#curved < 0 && graphic.kind === 'interpolated' ? { ...graphic, kind: 'polyline' } : graphic;
    const filled = graphic.isFilled ? pathOfGraphic(drawn, this.#toPane) : '';
    return inked(piecesOfGraphic(drawn, this.#toPane), color, [3.5, 1.5], filled);
  }

  annotation({ graphics, texts, color }: StateAnnotation, isDrawn: (graphic: StateGraphic) => boolean): string {
    const drawn = graphics.filter(isDrawn).map((graphic) => this.#graphic(graphic, color));
    return [...drawn, ...texts.map((text) => this.#text(text, color))].join('');
  }

  #text(text: StateAnnotation['texts'][number], color: Rgb): string {
    const written = lettersOf(text.text.slice(0, Math.max(0, this.#letters)));
    this.#letters -= text.text.length;
    const placed = placeText({ ...text, text: written.text }, this.#toPane);
    const { anchor } = placed;
    const lead = anchor === undefined ? '' : `M${anchor.from.join(' ')}L${anchor.to.join(' ')}`;
    return inked([lead], color, [3, 1.25]) + inked([textPath(placed)], color, [4, 1.5]);
  }
}

const ofFrame = ({ annotations }: Pick<PresentationState, 'annotations'>, frame: StateFrame): readonly StateAnnotation[] =>
  annotations.filter(({ scope }) => isInScope(scope, frame));

/** Says of one graphic of a frame after the other, in their order, whether it is still drawn. */
export function withinLength(state: Pick<PresentationState, 'areas'>, frame: StateFrame): (graphic: StateGraphic) => boolean {
  const lengthOf = drawnLength(state, frame);
  let left = MOST_LENGTHS;
  return (graphic) => {
    left -= lengthOf(graphic);
    return left >= 0;
  };
}

function isLegible(annotations: readonly StateAnnotation[]): boolean {
  let left = MOST_LETTERS;
  for (const { texts } of annotations)
    for (const { text } of texts) {
      left -= text.length;
      if (left < 0 || !lettersOf(text).isWhole) return false;
    }
  return true;
}

/** Whether some of a state's graphics over a frame are left out because all of them together are too long. */
export function isTooLong(state: Pick<PresentationState, 'annotations' | 'areas'>, frame: StateFrame): boolean {
  const isDrawn = withinLength(state, frame);
  return ofFrame(state, frame).some(({ graphics }) => graphics.some((graphic) => !isDrawn(graphic)));
}

/** What of a state's annotations over a frame `stateDrawing` leaves out: it can be told before anything is drawn. */
export function notDrawn(state: PresentationState, frame: StateFrame): NotDrawn[] {
  const isWhole = isLegible(ofFrame(state, frame));
  return [...(isWhole ? [] : (['letters'] as const)), ...(isTooLong(state, frame) ? (['lines'] as const) : [])];
}

/**
 * The annotations of a state over one frame (PS3.3 C.10.5) as SVG, for who has no page to draw on: paths alone, no text of the file and no font, so that it
 * is the same wherever it is drawn. `place` and `size` say where the image lies. Undefined where it has drawn nothing there.
 */
export function stateDrawing(
  state: PresentationState,
  frame: StateFrame,
  place: StatePlace,
  { width, height, scale }: DrawingSize,
): string | undefined {
  const own = ofFrame(state, frame);
  if (own.every(({ graphics, texts }) => graphics.length + texts.length === 0)) return undefined;
  const drawing = new Drawing(toPaneOf(state, frame, place));
  const isDrawn = withinLength(state, frame);
  const drawn = own.map((annotation) => drawing.annotation(annotation, isDrawn)).join('');
  const box = `0 0 ${(width / scale).toFixed(3)} ${(height / scale).toFixed(3)}`;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="${box}" preserveAspectRatio="none">` +
    `<g stroke-linejoin="round" stroke-linecap="round">${drawn}</g></svg>`
  );
}
