import { type DecodedFrame, frameFormatOf, grayValues, IDENTITY, needsSeriesMapping, pixelTagOf } from '@negatoscope/dicom';
import type { DicomwebErrorCode } from '../../model/dicomweb.ts';
import type { FrameModel } from '../../model/study-model.ts';
import type { PlaneRequest } from '../../model/volume.ts';
import type { VolumeGrid } from '../../model/volume-geometry.ts';
import { CACHE_BUDGET_BYTES } from '../cache-budget.ts';
import type { PlannedFrame } from '../frame-plans.ts';
import { errorCodeOf } from '../pane-loading.ts';
import type { PaneMapping } from '../pane-mapping.ts';
import { VolumeLoader } from './volume-loader.ts';
import { VolumeWorker } from './volume-worker.ts';

/** A volume may have half of what decoded frames may: both are there at once. */
export const VOLUME_LIMIT_BYTES = CACHE_BUDGET_BYTES / 2;

/** What a volume will need at least: two bytes a voxel, four where its values are no whole numbers. */
export function volumeBytes(grid: VolumeGrid, frame: FrameModel): number {
  const { isFloat, bitsAllocated } = frameFormatOf(frame.dataset, pixelTagOf(frame.dataset));
  return grid.rows * grid.columns * grid.distances.length * (isFloat || bitsAllocated > 16 ? 4 : 2);
}

export interface VolumeEvents {
  readonly onProgress: (loaded: number) => void;
  /** Every slice is in the volume; `planned` says how its middle one is shown. */
  readonly onReady: (planned: PlannedFrame) => void;
  readonly onFailed: (errorCode: DicomwebErrorCode, frame: FrameModel | undefined) => void;
  readonly onTooLarge: (bytes: number) => void;
}

/** How values that are taken of a volume are shown: as those of its middle slice, from modality values on. */
const ofValues = ({ plan, isLossy }: PlannedFrame): PlannedFrame => ({
  plan: { ...plan, modality: IDENTITY, padding: undefined },
  overlays: { overlays: [], embeddedOverlays: [] },
  isLossy,
});

/** Float values as a frame, so that they are shown by what shows frames. */
export const frameOfValues = (values: Float32Array<ArrayBuffer>, { width, height }: PlaneRequest): DecodedFrame => ({
  rows: height,
  columns: width,
  samplesPerPixel: 1,
  bitsAllocated: 32,
  bitsStored: 32,
  highBit: 31,
  pixelRepresentation: 0,
  photometricInterpretation: 'MONOCHROME2',
  planarConfiguration: 0,
  isFloat: true,
  pixels: new Uint8Array(values.buffer),
});

/** The frames of a series on their way into a volume, and the volume. Must be closed, which gives all of its memory back. */
export class LoadingVolume {
  readonly #frames: readonly FrameModel[];
  readonly #events: VolumeEvents;
  readonly #mapping: PaneMapping;
  readonly #worker: VolumeWorker;
  readonly #loader: VolumeLoader;
  #planned: PlannedFrame | undefined;
  #isLossy = false;
  #loaded = 0;
  #isClosed = false;

  constructor(grid: VolumeGrid, frames: readonly FrameModel[], mapping: PaneMapping, events: VolumeEvents) {
    this.#frames = frames;
    this.#events = events;
    this.#mapping = mapping;
    this.#worker = new VolumeWorker(grid, VOLUME_LIMIT_BYTES, {
      onLost: (why, bytes = 0) => {
        this.close();
        if (why === 'tooLarge') events.onTooLarge(bytes);
        else events.onFailed('UNREADABLE', undefined);
      },
    });
    this.#loader = new VolumeLoader(frames, {
      onFrame: (index, frame, planned) => this.#take(index, frame, planned),
      onFailed: (index, error) => this.#fail(error, frames[index]),
    });
  }

  close(): void {
    this.#isClosed = true;
    this.#loader?.close();
    this.#worker.close();
  }

  sample(name: string, plane: PlaneRequest): Promise<Float32Array<ArrayBuffer> | undefined> {
    return this.#worker.sample(name, plane);
  }

  #take(index: number, frame: DecodedFrame, planned: PlannedFrame): void {
    if (this.#isClosed) return;
    this.#worker.put(index, grayValues(frame, planned.plan));
    this.#isLossy ||= planned.isLossy;
    if (index === Math.floor((this.#frames.length - 1) / 2)) this.#planned = planned;
    this.#loaded += 1;
    this.#events.onProgress(this.#loaded);
    if (this.#loaded === this.#frames.length) void this.#finish();
  }

  async #finish(): Promise<void> {
    const planned = this.#planned;
    if (planned === undefined) return;
    try {
      if (needsSeriesMapping(planned.plan)) await this.#mapping.load();
    } catch (error) {
      this.#fail(error, undefined);
      return;
    }
    if (!this.#isClosed) this.#events.onReady(ofValues({ ...planned, isLossy: this.#isLossy }));
  }

  #fail(error: unknown, frame: FrameModel | undefined): void {
    if (this.#isClosed) return;
    this.close();
    this.#events.onFailed(errorCodeOf(error), frame);
  }
}
