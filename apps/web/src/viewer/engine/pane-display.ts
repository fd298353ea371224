import type { Types } from '@cornerstonejs/core';
import { autoRange, type PresetChoice, type ValueRange, windowToRange } from '../model/presets.ts';

const MIN_ZOOM = 0.05;
const MAX_ZOOM = 40;

function valueRange(viewport: Types.IStackViewport, kind: 'auto' | 'full'): ValueRange | undefined {
  const image = viewport.getCornerstoneImage();
  if (image === undefined || image.color) return undefined;
  if (kind === 'auto') return autoRange(image.voxelManager?.getScalarData() ?? image.getPixelData());
  return { lower: image.minPixelValue, upper: Math.max(image.maxPixelValue, image.minPixelValue + 1) };
}

/** Changes to how a pane shows its image. Each does nothing while there is no image. */
export class PaneDisplay {
  readonly #viewport: () => Types.IStackViewport | undefined;
  readonly #onChange: () => void;

  constructor(viewport: () => Types.IStackViewport | undefined, onChange: () => void) {
    this.#viewport = viewport;
    this.#onChange = onChange;
  }

  applyPreset(choice: PresetChoice): void {
    this.#change((viewport) => {
      if (choice.kind === 'default') this.#restoreWindow(viewport);
      else {
        const { kind } = choice;
        const range = kind === 'window' ? windowToRange(choice.preset.center, choice.preset.width) : valueRange(viewport, kind);
        if (range !== undefined) viewport.setProperties({ voiRange: range });
      }
    });
  }

  /** Gives a grey image a window, from its own attributes or else its values, where the library has found none. */
  ensureWindow(): void {
    this.#change((viewport) => {
      const image = viewport.getCornerstoneImage();
      if (image === undefined || image.color || viewport.getProperties().voiRange) return;
      const center = [image.windowCenter].flat()[0];
      const width = [image.windowWidth].flat()[0];
      const own = center !== undefined && width !== undefined && width >= 1 ? windowToRange(center, width) : undefined;
      const range = own ?? valueRange(viewport, 'auto');
      if (range !== undefined) viewport.setProperties({ voiRange: range });
    });
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
    this.#change((viewport) => viewport.setProperties({ invert: viewport.getProperties().invert !== true }));
  }

  zoomBy(factor: number): void {
    this.#change((viewport) => viewport.setZoom(Math.min(MAX_ZOOM, Math.max(MIN_ZOOM, viewport.getZoom() * factor))));
  }

  /** Window, rotation, flips, inversion, zoom and position as when the series was opened; the frame stays. */
  reset(): void {
    this.#change((viewport) => {
      viewport.resetProperties();
      viewport.resetCamera();
    });
  }

  /** The library resets everything at once; what is not the window is put back. */
  #restoreWindow(viewport: Types.IStackViewport): void {
    const presentation = viewport.getViewPresentation();
    const isInverted = viewport.getProperties().invert === true;
    viewport.resetProperties();
    viewport.setProperties({ invert: isInverted });
    viewport.setViewPresentation(presentation);
  }

  #change(apply: (viewport: Types.IStackViewport) => void): void {
    const viewport = this.#viewport();
    if (viewport === undefined) return;
    apply(viewport);
    viewport.render();
    this.#onChange();
  }
}
