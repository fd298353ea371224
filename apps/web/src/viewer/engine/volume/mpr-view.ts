import type { DecodedFrame, RenderedFrame } from '@negatoscope/dicom';
import type { Vector3 } from '../../model/geometry.ts';
import { type PlaneRequest, type Slab, slabOffsets } from '../../model/volume.ts';
import type { VolumeGrid } from '../../model/volume-geometry.ts';
import { type Framing, fitted, onPlane, planeOf, plus, type Size, type ViewAxes } from '../../model/volume-views.ts';
import { frameOfValues } from './mpr-volume.ts';

/** Samples of one picture, and of all that a slab is made of: more is first shown coarsely, and finely once the reader rests. */
const MOST_SAMPLES = 900_000;
const QUICK_SAMPLES = 1_500_000;
const REST_MS = 160;

const MIN_PX_PER_MM = 0.05;
const MAX_PX_PER_MM = 200;

export interface MprViewPorts {
  readonly grid: () => VolumeGrid | undefined;
  readonly axes: () => ViewAxes;
  readonly point: () => Vector3 | undefined;
  readonly slab: () => Slab;
  readonly sample: (plane: PlaneRequest) => Promise<Float32Array<ArrayBuffer> | undefined>;
  /** The picture of the samples; undefined where it can't be told. */
  readonly present: (frame: DecodedFrame) => RenderedFrame | undefined;
  readonly onChange: () => void;
}

const isSamePlane = (a: PlaneRequest | undefined, b: PlaneRequest): boolean => JSON.stringify(a) === JSON.stringify(b);

/** One plane on one canvas: which part of it is shown, what was sampled of it, and its picture. */
export class MprView {
  readonly #ports: MprViewPorts;
  #canvas: HTMLCanvasElement | undefined;
  #size: Size = { width: 0, height: 0 };
  #framing: Framing | undefined;
  /** What is to be shown, and what is shown. */
  #asked: PlaneRequest | undefined;
  #values: Float32Array<ArrayBuffer> | undefined;
  #frame: DecodedFrame | undefined;
  #rest: ReturnType<typeof setTimeout> | undefined;

  constructor(ports: MprViewPorts) {
    this.#ports = ports;
  }

  get size(): Size {
    return this.#size;
  }

  /** Where the shown part lies; undefined before there is a volume, or room. */
  get framing(): Framing | undefined {
    const point = this.#ports.point();
    return this.#framing === undefined || point === undefined ? undefined : onPlane(this.#ports.axes(), this.#framing, point);
  }

  /** The sampled values as they are shown. */
  get frame(): DecodedFrame | undefined {
    return this.#frame;
  }

  attach(canvas: HTMLCanvasElement): () => void {
    this.#canvas = canvas;
    const measure = (): void => {
      const { clientWidth: width, clientHeight: height } = canvas;
      // A plane that is not shown keeps what it shows.
      if (width === 0 || height === 0 || (width === this.#size.width && height === this.#size.height)) return;
      const grown = Math.min(width / (this.#size.width || width), height / (this.#size.height || height));
      this.#size = { width, height };
      if (this.#framing !== undefined) this.#framing = { ...this.#framing, pxPerMm: this.#framing.pxPerMm * grown };
      this.refresh();
      this.#ports.onChange();
    };
    const observer = new ResizeObserver(measure);
    observer.observe(canvas);
    // A canvas that the graphics card held comes back empty when that was lost.
    const repaint = (): void => this.paint();
    canvas.addEventListener('contextrestored', repaint);
    measure();
    // Another volume may be here since a canvas of this size was.
    this.refresh();
    this.paint();
    if (this.#values !== undefined) this.#tell('whole');
    return () => {
      observer.disconnect();
      canvas.removeEventListener('contextrestored', repaint);
      clearTimeout(this.#rest);
      if (this.#canvas === canvas) this.#canvas = undefined;
    };
  }

  /** Nothing is shown any more. */
  forget(): void {
    clearTimeout(this.#rest);
    this.#framing = undefined;
    this.#asked = undefined;
    this.#values = undefined;
    this.#frame = undefined;
  }

  fit(): void {
    this.#framing = undefined;
    this.refresh();
  }

  /** Larger by a factor, the given place of the screen (CSS px) or else the middle staying where it is. */
  zoomBy(factor: number, [x, y]: readonly [number, number] = [this.#size.width / 2, this.#size.height / 2]): void {
    const framing = this.#framing;
    if (framing === undefined) return;
    const pxPerMm = Math.min(MAX_PX_PER_MM, Math.max(MIN_PX_PER_MM, framing.pxPerMm * factor));
    const kept = 1 / framing.pxPerMm - 1 / pxPerMm;
    const { right, down } = this.#ports.axes();
    const moved = plus(framing.centre, right, (x - this.#size.width / 2) * kept);
    this.#framing = { centre: plus(moved, down, (y - this.#size.height / 2) * kept), pxPerMm };
    this.refresh();
  }

  /** Moves what is shown by CSS px. */
  panBy(dx: number, dy: number): void {
    const framing = this.#framing;
    if (framing === undefined) return;
    const { right, down } = this.#ports.axes();
    const centre = plus(plus(framing.centre, right, -dx / framing.pxPerMm), down, -dy / framing.pxPerMm);
    this.#framing = { ...framing, centre };
    this.refresh();
  }

  /** Samples the plane as it is now, unless that is what is shown. */
  refresh(): void {
    const grid = this.#ports.grid();
    if (grid === undefined || this.#canvas === undefined || this.#size.width < 1 || this.#size.height < 1) return;
    this.#framing ??= fitted(grid, this.#ports.axes(), this.#size);
    const full = this.#plane(this.#samplesPerPx());
    if (full === undefined || isSamePlane(this.#asked, full)) return;
    clearTimeout(this.#rest);
    this.#asked = full;
    const cost = full.width * full.height * slabOffsets(grid, full).length;
    const coarse = cost > QUICK_SAMPLES ? this.#plane(this.#samplesPerPx() * Math.sqrt(QUICK_SAMPLES / cost)) : undefined;
    if (coarse !== undefined) this.#rest = setTimeout(() => void this.#show(full, 'whole'), REST_MS);
    void this.#show(coarse ?? full, coarse === undefined ? 'whole' : 'coarse');
  }

  /** Makes the picture anew of the values that are here. */
  paint(): void {
    const [canvas, frame, values] = [this.#canvas, this.#frame, this.#values];
    const picture = frame === undefined ? undefined : this.#ports.present(frame);
    if (canvas === undefined || frame === undefined || values === undefined || picture === undefined) return;
    const image = new ImageData(frame.columns, frame.rows);
    const pixels = new Uint32Array(image.data.buffer);
    const { pixels: bytes, channels } = picture;
    const [green, blue] = channels === 3 ? [1, 2] : [0, 0];
    // Opaque; black where there is no value, also where the image is inverted.
    for (let at = 0, from = 0; at < pixels.length; at += 1, from += channels)
      pixels[at] =
        0xff000000 +
        (Number.isNaN(values[at])
          ? 0
          : (bytes[from] ?? 0) + (bytes[from + green] ?? 0) * 0x100 + (bytes[from + blue] ?? 0) * 0x10000);
    canvas.width = frame.columns;
    canvas.height = frame.rows;
    canvas.getContext('2d')?.putImageData(image, 0, 0);
  }

  #samplesPerPx(): number {
    const { width, height } = this.#size;
    return Math.min(window.devicePixelRatio || 1, 2, Math.sqrt(MOST_SAMPLES / (width * height)));
  }

  #plane(samplesPerPx: number): PlaneRequest | undefined {
    const { framing } = this;
    return framing && planeOf(this.#ports.axes(), framing, this.#size, samplesPerPx, this.#ports.slab());
  }

  async #show(plane: PlaneRequest, state: 'coarse' | 'whole'): Promise<void> {
    this.#tell('busy');
    const values = await this.#ports.sample(plane);
    if (values === undefined) return;
    this.#values = values;
    this.#frame = frameOfValues(values, plane);
    this.paint();
    this.#tell(state);
    this.#ports.onChange();
  }

  /** How far the picture is, for who waits for it. */
  #tell(state: 'busy' | 'coarse' | 'whole'): void {
    if (this.#canvas !== undefined) this.#canvas.dataset.state = state;
  }
}
