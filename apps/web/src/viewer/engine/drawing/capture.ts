import { LINE_HEIGHT, pathOf } from '../../model/shapes.ts';
import type { DrawnFigure } from './layer.ts';

export interface Capture {
  /** The canvas that shows the image, and the pane with the texts over it. */
  readonly canvas: HTMLCanvasElement;
  readonly pane: HTMLElement;
  readonly figures: readonly DrawnFigure[];
  /** Text beside drawings, CSS px. */
  readonly textSize: number;
  /** Stands above the image: who it is, when that was wanted. */
  readonly heading: readonly string[];
  /** Stands below it: what must not be missed. */
  readonly notes: readonly string[];
}

const DRAWN = '#fbbf24';
const RIM = 'rgba(0, 0, 0, 0.8)';
const INK = '#e6edf3';
const WARNING = '#fbbf24';
const STRIP_PX = 22;
const FONT = '"Inter Variable", system-ui, sans-serif';

/** `most`: the width that it is narrowed to, CSS px, so that a birth date behind a long name is not cut off. */
function write(context: CanvasRenderingContext2D, text: string, x: number, y: number, ink: string, most?: number): void {
  context.lineWidth = 3;
  context.lineJoin = 'round';
  context.strokeStyle = RIM;
  context.fillStyle = ink;
  context.strokeText(text, x, y, most);
  context.fillText(text, x, y, most);
}

function drawFigure(context: CanvasRenderingContext2D, { shape, lines, text }: DrawnFigure, size: number): void {
  for (const [path, dash] of [
    [shape.lines, []],
    [shape.helpers, [3, 4]],
  ] as const) {
    context.setLineDash([...dash]);
    for (const [width, ink] of [
      [3.5, RIM],
      [1.5, DRAWN],
    ] as const) {
      context.lineWidth = width;
      context.strokeStyle = ink;
      context.stroke(new Path2D(pathOf(path)));
    }
  }
  context.setLineDash([]);
  context.font = `${size}px ${FONT}`;
  context.textAlign = text.anchor;
  lines.forEach((line, index) => {
    const x = text.anchor === 'start' ? text.x : text.x + text.width;
    write(context, line, x, text.y + (index + 0.8) * LINE_HEIGHT * size, DRAWN);
  });
  context.textAlign = 'start';
}

/** The texts over the image as they stand, but for those that say who it is: these are in the heading, or nowhere. */
function drawOverlay(context: CanvasRenderingContext2D, pane: HTMLElement, { left, top }: DOMRect): void {
  for (const overlay of pane.querySelectorAll<HTMLElement>('.ng-viewer-overlay')) {
    if (overlay.closest('[data-identity]') !== null) continue;
    const texts = document.createTreeWalker(overlay, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      const parent = texts.currentNode.parentElement;
      const box = parent?.getBoundingClientRect();
      if (parent === null || box === undefined || box.width === 0) continue;
      const style = getComputedStyle(parent);
      context.font = `${style.fontWeight} ${style.fontSize} ${FONT}`;
      const padding = Number.parseFloat(style.paddingInlineStart) || 0;
      write(
        context,
        texts.currentNode.textContent ?? '',
        box.left - left + padding,
        box.top - top + box.height * 0.78,
        style.color,
      );
    }
    const bar = overlay.querySelector('[data-scale]')?.getBoundingClientRect();
    if (bar === undefined) continue;
    const [from, to, upper, lower] = [bar.left - left, bar.right - left, bar.top - top, bar.bottom - top];
    context.lineWidth = 1.5;
    context.strokeStyle = INK;
    context.stroke(new Path2D(`M${from} ${upper}L${from} ${lower}L${to} ${lower}L${to} ${upper}`));
  }
}

/** What a pane shows, as one picture in the pixels of the screen. */
export function drawCapture({ canvas, pane, figures, textSize, heading, notes }: Capture): HTMLCanvasElement {
  const density = canvas.width / canvas.clientWidth;
  const [above, below] = [heading.length * STRIP_PX, notes.length * STRIP_PX];
  const made = document.createElement('canvas');
  made.width = canvas.width;
  made.height = canvas.height + Math.round((above + below) * density);
  const context = made.getContext('2d');
  if (context === null) return made;
  context.fillStyle = '#000';
  context.fillRect(0, 0, made.width, made.height);
  context.drawImage(canvas, 0, Math.round(above * density));
  context.setTransform(density, 0, 0, density, 0, Math.round(above * density));
  for (const figure of figures) drawFigure(context, figure, textSize);
  drawOverlay(context, pane, canvas.getBoundingClientRect());
  context.font = `13px ${FONT}`;
  const most = canvas.clientWidth - 16;
  for (const [index, line] of heading.entries()) write(context, line, 8, index * STRIP_PX - above + 16, INK, most);
  for (const [index, line] of notes.entries()) write(context, line, 8, canvas.clientHeight + index * STRIP_PX + 16, WARNING);
  return made;
}

/** As a PNG; rejects where the browser makes none. */
export const pngOf = (canvas: HTMLCanvasElement): Promise<Blob> =>
  new Promise((resolve, reject) =>
    canvas.toBlob((blob) => (blob === null ? reject(new Error('No PNG.')) : resolve(blob)), 'image/png'),
  );
