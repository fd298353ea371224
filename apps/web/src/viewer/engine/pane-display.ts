import type { Types } from '@cornerstonejs/core';
import { type ColorScaleName, type DecodedFrame, grayValues, type Voi, type Window } from '@negatoscope/dicom';
import { autoRange, type PresetChoice } from '../model/presets.ts';
import { showActualPixels } from './pane-geometry.ts';
import { OWN_PRESENTATION, type Presentation } from './presentation.ts';
import type { Shown } from './snapshot.ts';

const MIN_ZOOM = 0.05;
const MAX_ZOOM = 40;

/** Drag over this many CSS pixels to run through the whole range of an image. */
const DRAG_RANGE_PX = 700;

export interface DisplayPorts {
  readonly viewport: () => Types.IStackViewport | undefined;
  readonly shown: () => Shown | undefined;
  /** Paints the shown frame again, by the presentation as it is now. */
  readonly repaint: () => void;
  readonly onChange: () => void;
  /** All stands as when the series was opened. */
  readonly onReset?: () => void;
}

const exact = (lower: number, upper: number): Window => ({
  kind: 'window',
  center: (lower + upper) / 2,
  width: Math.max(upper - lower, Number.MIN_VALUE),
  shape: 'linear-exact',
});

/** A window to start dragging from; that of a table is what the table covers. */
function asWindow(voi: Voi): Window {
  if (voi.kind === 'window') return voi;
  const { first, values } = voi.table;
  return exact(first, first + Math.max(1, values.length - 1));
}

function rangeWindow({ frame, planned }: Shown, kind: 'auto' | 'full'): Window | undefined {
  if (planned.plan.kind !== 'gray') return undefined;
  const { values, range, padding } = grayValues(frame, planned.plan);
  if (range === undefined) return undefined;
  const { lower, upper } = kind === 'full' ? { lower: range.min, upper: range.max } : autoRange(values, padding, range);
  return exact(lower, upper > lower ? upper : lower + 1);
}

/** Changes to how a pane shows its image. Each does nothing while there is no image. */
export class PaneDisplay {
  readonly #ports: DisplayPorts;
  #presentation: Presentation;

  constructor(ports: DisplayPorts, presentation: Presentation = OWN_PRESENTATION) {
    this.#ports = ports;
    this.#presentation = presentation;
  }

  get presentation(): Presentation {
    return this.#presentation;
  }

  /** As a series is when it is opened. */
  forget(): void {
    this.#presentation = OWN_PRESENTATION;
  }

  /** As it was shown before. */
  resume(presentation: Presentation): void {
    this.#present(presentation);
  }

  applyPreset(preset: PresetChoice): void {
    const shown = this.#ports.shown();
    if (shown === undefined || shown.planned.plan.kind !== 'gray') return;
    const choice = (): Presentation['choice'] | undefined => {
      if (preset.kind === 'own') return { kind: 'own' };
      if (preset.kind === 'stored') return { kind: 'stored', id: preset.id };
      const window = preset.kind === 'window' ? preset.window : rangeWindow(shown, preset.kind);
      return window === undefined ? undefined : { kind: 'set', window };
    };
    const chosen = choice();
    if (chosen !== undefined) this.#present({ ...this.#presentation, choice: chosen });
  }

  /** Drags the window: to the right wider, downwards brighter values in the middle; `dx`, `dy` in CSS px. */
  dragWindow(dx: number, dy: number): void {
    const shown = this.#ports.shown();
    if (shown?.voi === undefined) return;
    const from = asWindow(shown.voi);
    const step = this.#dragRange(shown) / DRAG_RANGE_PX;
    const least = from.shape === 'linear' ? 1 : step / 100;
    const window = { ...from, width: Math.max(least, from.width + dx * step), center: from.center + dy * step };
    this.#present({ ...this.#presentation, choice: { kind: 'set', window } });
  }

  /** Turns the image on the screen, clockwise. */
  rotate(degrees: number): void {
    this.#change((viewport) => {
      const rotation = ((viewport.getViewPresentation().rotation ?? 0) + degrees + 360) % 360;
      viewport.setViewPresentation({ rotation });
    });
  }

  flip(axis: 'horizontal' | 'vertical'): void {
    this.#change((viewport) => {
      const { flipHorizontal = false, flipVertical = false } = viewport.getCamera();
      viewport.setCamera(axis === 'horizontal' ? { flipHorizontal: !flipHorizontal } : { flipVertical: !flipVertical });
    });
  }

  invert(): void {
    if (this.#ports.shown() !== undefined) this.#present({ ...this.#presentation, isInverted: !this.#presentation.isInverted });
  }

  /** Other colours for a parametric map. */
  setColors(colors: ColorScaleName): void {
    if (this.#ports.shown() !== undefined) this.#present({ ...this.#presentation, colors });
  }

  /** One column of the image on one of the screen, on its grid: nothing is interpolated. */
  actualPixels(): void {
    const model = this.#ports.shown()?.model;
    this.#change((viewport) => {
      if (model !== undefined) showActualPixels(viewport, model);
    });
  }

  zoomBy(factor: number): void {
    this.#change((viewport) => viewport.setZoom(Math.min(MAX_ZOOM, Math.max(MIN_ZOOM, viewport.getZoom() * factor))));
  }

  /** Moves the image by so many CSS px. */
  panBy(dx: number, dy: number): void {
    this.#change((viewport) => {
      const [x, y] = viewport.getPan();
      viewport.setPan([x + dx, y + dy]);
    });
  }

  /** Window, rotation, flips, inversion, zoom and position as when the series was opened; the frame stays. */
  reset(): void {
    if (this.#ports.shown() === undefined) return;
    this.#present(OWN_PRESENTATION);
    this.#change((viewport) => {
      viewport.setViewPresentation({ rotation: 0 });
      viewport.resetCamera();
    });
    this.#ports.onReset?.();
  }

  /** What one drag across should run through: the values of the frame, or the window where that is wider. */
  #dragRange({ frame, planned, voi }: Shown): number {
    if (this.#range?.frame !== frame) {
      const { range } = grayValues(frame, planned.plan);
      const own = planned.plan.voi ?? voi;
      const width = own?.kind === 'window' ? own.width : 0;
      this.#range = {
        frame,
        size: Math.max(width, range === undefined ? 0 : Math.min(range.max - range.min, 2000 + 2 * width)) || 1,
      };
    }
    return this.#range.size;
  }

  #range: { readonly frame: DecodedFrame; readonly size: number } | undefined;

  #present(presentation: Presentation): void {
    this.#presentation = presentation;
    this.#ports.repaint();
    this.#ports.onChange();
  }

  #change(apply: (viewport: Types.IStackViewport) => void): void {
    const viewport = this.#ports.viewport();
    if (viewport === undefined) return;
    apply(viewport);
    viewport.render();
    this.#ports.onChange();
  }
}
