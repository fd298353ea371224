import type { Rgb } from '../overlaid/color.ts';
import { drawableText, strokeText, strokeWidth } from '../strokes/index.ts';
import { type PlacedText, pathOfGraphic, placeText, type StatePlace, type ToPane, toPaneOf } from './drawn.ts';
import type { StateFrame } from './placing.ts';
import { isInScope } from './references.ts';
import type { PresentationState, StateAnnotation } from './types.ts';

/** What is far outside is as good as at the edge, and no number is longer than a line may be. */
const FAR = 100_000;
/** Letters of all texts together: each is a handful of strokes. */
const MOST_LETTERS = 20_000;
/** Height of a capital, and its foot, by the size of the letters. */
const CAPITAL = 0.72;

/** What a state has drawn over a frame, as SVG. */
export interface StateDrawing {
  /** Undefined where it has drawn nothing there. */
  readonly svg: string | undefined;
  /** Whether all letters are as they were written, but for accents. */
  readonly isWhole: boolean;
}

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

/** A line in its colour above a wider one that tells it from what lies below. */
const inked = (path: string, color: Rgb, fill: string, widths: readonly [rim: number, ink: number]): string =>
  path === ''
    ? ''
    : `<path d="${path}" stroke="${rimOf(color)}" stroke-opacity="0.8" stroke-width="${widths[0]}" fill="none"/>` +
      `<path d="${path}" stroke="${inkOf(color)}" stroke-width="${widths[1]}" fill="${fill}"/>`;

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
  isWhole = true;

  constructor(toPane: ToPane) {
    this.#toPane = (point, units) => {
      const [x, y] = toPane(point, units);
      return [near(x), near(y)];
    };
  }

  annotation({ graphics, texts, color }: StateAnnotation): string {
    const drawn = graphics.map((graphic) =>
      inked(pathOfGraphic(graphic, this.#toPane), color, graphic.isFilled ? inkOf(color) : 'none', [3.5, 1.5]),
    );
    return [...drawn, ...texts.map((text) => this.#text(text, color))].join('');
  }

  #text(text: StateAnnotation['texts'][number], color: Rgb): string {
    const written = lettersOf(text.text.slice(0, Math.max(0, this.#letters)));
    this.#letters -= text.text.length;
    if (!written.isWhole || this.#letters < 0) this.isWhole = false;
    const placed = placeText({ ...text, text: written.text }, this.#toPane);
    const { anchor } = placed;
    const line = anchor === undefined ? '' : `M${anchor.from.join(' ')}L${anchor.to.join(' ')}`;
    return inked(line, color, 'none', [3, 1.25]) + inked(textPath(placed), color, 'none', [4, 1.5]);
  }
}

/** Whether all texts of a state, over whichever frame, are drawn in their letters. */
export function isLegible({ annotations }: Pick<PresentationState, 'annotations'>): boolean {
  let left = MOST_LETTERS;
  for (const { texts } of annotations)
    for (const { text } of texts) {
      left -= text.length;
      if (left < 0 || !lettersOf(text).isWhole) return false;
    }
  return true;
}

/**
 * The annotations of a state over one frame (PS3.3 C.10.5), for who has no page to draw on: paths alone, no text of the file and no font, so that it is
 * the same wherever it is drawn. `place` and `size` say where the image lies.
 */
export function stateDrawing(
  state: PresentationState,
  frame: StateFrame,
  place: StatePlace,
  { width, height, scale }: DrawingSize,
): StateDrawing {
  const own = state.annotations.filter(({ scope }) => isInScope(scope, frame));
  if (own.every(({ graphics, texts }) => graphics.length + texts.length === 0)) return { svg: undefined, isWhole: true };
  const drawing = new Drawing(toPaneOf(state, frame, place));
  const drawn = own.map((annotation) => drawing.annotation(annotation)).join('');
  const box = `0 0 ${(width / scale).toFixed(3)} ${(height / scale).toFixed(3)}`;
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="${box}" preserveAspectRatio="none">` +
    `<g stroke-linejoin="round" stroke-linecap="round">${drawn}</g></svg>`;
  return { svg, isWhole: drawing.isWhole };
}
