import type { RenderedFrame } from '@negatoscope/dicom';
import type { Affine } from '../../model/affine.ts';
import type { PixelPoint } from '../../model/calibration.ts';
import { paintPicture } from '../paint-picture.ts';
import type { ToolId } from '../tools.ts';

/** Diameter of the lens, CSS px, and how much larger it shows what is under it. */
const LENS_PX = 220;
const TIMES = 2.5;

export interface MagnifierTarget {
  readonly toolOf: (button: number) => ToolId;
  /** What is painted, and where its pixels lie in the pane; undefined while there is nothing. */
  readonly picture: () => { readonly picture: RenderedFrame; readonly toPane: Affine } | undefined;
}

/** A lens that follows the pointer while it is down. It shows the picture's own pixels, larger, and no more than the pane shows. Returns how to stop. */
export function attachMagnifier(element: HTMLElement, target: MagnifierTarget): () => void {
  const stop = new AbortController();
  const { signal } = stop;
  const lens = new Lens(element, target.picture);
  let pointer: number | undefined;
  const show = (event: PointerEvent): void => {
    const { left, top } = element.getBoundingClientRect();
    lens.show([event.clientX - left, event.clientY - top]);
  };
  const onDown = (event: PointerEvent): void => {
    lens.hide();
    pointer = target.toolOf(event.button) === 'magnify' ? event.pointerId : undefined;
    if (pointer !== undefined) show(event);
  };
  const onEnd = (): void => {
    pointer = undefined;
    lens.hide();
  };
  element.addEventListener('pointerdown', onDown, { signal });
  window.addEventListener('pointermove', (event) => event.pointerId === pointer && show(event), { signal });
  window.addEventListener('pointerup', onEnd, { signal });
  window.addEventListener('pointercancel', onEnd, { signal });
  return () => {
    onEnd();
    stop.abort();
  };
}

class Lens {
  readonly #element: HTMLElement;
  readonly #picture: MagnifierTarget['picture'];
  #canvas: HTMLCanvasElement | undefined;
  #bitmap: { readonly of: RenderedFrame; readonly canvas: HTMLCanvasElement } | undefined;

  constructor(element: HTMLElement, picture: MagnifierTarget['picture']) {
    this.#element = element;
    this.#picture = picture;
  }

  hide(): void {
    this.#canvas?.remove();
    this.#canvas = undefined;
    this.#bitmap = undefined;
  }

  /** Over a place of the pane, which stays in the middle. */
  show([x, y]: PixelPoint): void {
    const shown = this.#picture();
    if (shown === undefined) return;
    if (this.#bitmap?.of !== shown.picture)
      this.#bitmap = { of: shown.picture, canvas: paintPicture(document.createElement('canvas'), shown.picture) };
    const canvas = this.#canvas ?? this.#make();
    const context = canvas.getContext('2d');
    canvas.style.left = `${x - LENS_PX / 2}px`;
    canvas.style.top = `${y - LENS_PX / 2}px`;
    if (context === null) return;
    const { origin, i, j } = shown.toPane;
    const [scale, middle] = [TIMES * window.devicePixelRatio, canvas.width / 2];
    const [dx, dy] = [(origin[0] - x) * scale + middle, (origin[1] - y) * scale + middle];
    context.resetTransform();
    context.clearRect(0, 0, canvas.width, canvas.height);
    context.setTransform(i[0] * scale, i[1] * scale, j[0] * scale, j[1] * scale, dx, dy);
    context.imageSmoothingQuality = 'high';
    context.drawImage(this.#bitmap.canvas, 0, 0);
  }

  #make(): HTMLCanvasElement {
    const canvas = document.createElement('canvas');
    canvas.className = 'ng-lens';
    canvas.width = canvas.height = Math.round(LENS_PX * window.devicePixelRatio);
    canvas.style.width = canvas.style.height = `${LENS_PX}px`;
    this.#element.append(canvas);
    this.#canvas = canvas;
    return canvas;
  }
}
