import { make } from './dom.ts';
import { FITTED, fitOf, moved, type Size, type View, zoomed } from './view.ts';

/** Where one picture is drawn. It is a drawing with a name, and takes the keys of the viewer. */
export class Stage {
  readonly element: HTMLElement;
  readonly #canvas = make('canvas', { width: 0, height: 0 });
  #view: View = FITTED;
  readonly #onRoom: ResizeObserver;

  constructor(onRoom: () => void) {
    this.element = make('div', { className: 'stage', tabIndex: 0, said: { role: 'img' } }, this.#canvas);
    this.#onRoom = new ResizeObserver(() => {
      this.#place();
      onRoom();
    });
    this.#onRoom.observe(this.element);
  }

  get room(): Size {
    return { width: this.element.clientWidth, height: this.element.clientHeight };
  }
  get zoom(): number {
    return this.#view.zoom;
  }
  /** Pixels of the longest side of what is drawn. */
  get side(): number {
    return Math.max(this.#canvas.width, this.#canvas.height);
  }
  get #sizes(): readonly [Size, Size] {
    return [{ width: this.#canvas.width, height: this.#canvas.height }, this.room];
  }

  /** Draws a picture in the place of the one before. False where the browser can't read it. */
  async draw(picture: Blob, isWanted: () => boolean): Promise<boolean> {
    const bitmap = await createImageBitmap(picture).catch(() => undefined);
    if (bitmap === undefined) return false;
    if (isWanted()) {
      [this.#canvas.width, this.#canvas.height] = [bitmap.width, bitmap.height];
      this.#canvas.getContext('2d')?.drawImage(bitmap, 0, 0);
      this.#place();
    }
    bitmap.close();
    return true;
  }

  clear(): void {
    [this.#canvas.width, this.#canvas.height] = [0, 0];
  }

  end(): void {
    this.clear();
    this.#onRoom.disconnect();
  }

  set filter(filter: string) {
    this.#canvas.style.filter = filter;
  }

  /** `at`: a point of the page; the middle without. */
  zoomBy(factor: number, at?: { readonly clientX: number; readonly clientY: number }): void {
    const { left, top, width, height } = this.element.getBoundingClientRect();
    const point = at === undefined ? { x: 0, y: 0 } : { x: at.clientX - left - width / 2, y: at.clientY - top - height / 2 };
    this.#view = zoomed(this.#view, factor, point, this.#sizes);
    this.#place();
  }

  moveBy(x: number, y: number): void {
    this.#view = moved(this.#view, x, y, this.#sizes);
    this.#place();
  }

  fit(): void {
    this.#view = FITTED;
    this.#place();
  }

  #place(): void {
    const [picture, room] = this.#sizes;
    const scale = fitOf(picture, room) * this.#view.zoom;
    const { style } = this.#canvas;
    [style.width, style.height] = [`${picture.width * scale}px`, `${picture.height * scale}px`];
    style.transform = `translate(-50%, -50%) translate(${this.#view.x}px, ${this.#view.y}px)`;
  }
}
