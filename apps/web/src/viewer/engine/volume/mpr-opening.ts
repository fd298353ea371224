import { dot, type Vector3 } from '../../model/geometry.ts';
import type { FrameModel, SeriesModel } from '../../model/study-model.ts';
import { judgeVolume, type VolumeGrid, type VolumeVerdict } from '../../model/volume-geometry.ts';
import type { Phase } from '../../model/volume-phases.ts';
import { plus } from '../../model/volume-views.ts';
import type { PlannedFrame } from '../frame-plans.ts';
import type { DrawingStore } from '../measurements.ts';
import type { PaneMapping } from '../pane-mapping.ts';
import { MprMeasures } from './mpr-measures.ts';
import { EMPTY_MPR, type MprSnapshot } from './mpr-snapshot.ts';
import { LoadingVolume, VOLUME_LIMIT_BYTES, volumeBytes } from './mpr-volume.ts';

/** A volume of which planes can be taken. */
export interface ReadyVolume {
  readonly volume: LoadingVolume;
  readonly grid: VolumeGrid;
  /** In the order of the grid. */
  readonly frames: readonly FrameModel[];
  readonly planned: PlannedFrame;
  readonly measures: MprMeasures;
}

export interface OpeningPorts {
  readonly series: SeriesModel;
  readonly mapping: PaneMapping;
  readonly store: DrawingStore | undefined;
  readonly getSnapshot: () => MprSnapshot;
  readonly set: (snapshot: MprSnapshot) => void;
  readonly onReady: (ready: ReadyVolume) => void;
  /** What is drawn has changed. */
  readonly onMeasures: () => void;
}

/** The image of a volume that lies nearest to a place. */
function imageAt(grid: VolumeGrid, frames: readonly FrameModel[], point: Vector3) {
  const at = dot(plus(point, grid.origin, -1), grid.normal);
  const away = grid.distances.map((distance) => Math.abs(distance - at));
  const { sopInstanceUid = '', frameNumber: frame = 1 } = frames[away.indexOf(Math.min(...away))] ?? {};
  return { sopInstanceUid, frame };
}

/** From the frames of a series to a volume: whether they make one, and how it is getting on. */
export class MprOpening {
  readonly #ports: OpeningPorts;
  #volume: LoadingVolume | undefined;
  #measures: MprMeasures | undefined;

  constructor(ports: OpeningPorts) {
    this.#ports = ports;
  }

  /** Opens the volume of some frames, which are those of a phase where one was chosen. What was open is closed. */
  open(frames: readonly FrameModel[], phase: Phase | undefined): void {
    this.close();
    const { active, slab, phases } = this.#ports.getSnapshot();
    const base: MprSnapshot = { ...EMPTY_MPR, active, slab, phase, phases: phase === undefined ? [] : phases };
    const verdict = judgeVolume(frames);
    if (verdict.kind === 'phases') this.#ports.set({ ...base, status: 'phases', phases: verdict.phases });
    else if (verdict.kind === 'refused') this.#ports.set({ ...base, status: 'refused', refusal: verdict.refusal });
    else this.#load(base, verdict);
  }

  close(): void {
    this.#volume?.close();
    this.#measures?.close();
    this.#volume = undefined;
    this.#measures = undefined;
  }

  #load(base: MprSnapshot, { grid, frames, remarks }: Extract<VolumeVerdict, { readonly kind: 'volume' }>): void {
    const [first] = frames;
    const bytes = first === undefined ? 0 : volumeBytes(grid, first);
    const isTooLarge = bytes > VOLUME_LIMIT_BYTES;
    const told = { ...base, remarks, total: frames.length, bytes, limitBytes: VOLUME_LIMIT_BYTES };
    this.#ports.set({ ...told, status: isTooLarge ? 'tooLarge' : 'loading' });
    if (isTooLarge) return;
    this.#volume = new LoadingVolume(grid, frames, this.#ports.mapping, {
      onProgress: (loaded) => this.#update({ loaded }),
      onReady: (planned) => this.#begin(grid, frames, planned),
      onFailed: (errorCode, frame) => this.#update({ status: 'failed', errorCode, failedNumber: frame?.instanceNumber }),
      onTooLarge: (needed) => this.#update({ status: 'tooLarge', bytes: needed }),
    });
  }

  #begin(grid: VolumeGrid, frames: readonly FrameModel[], planned: PlannedFrame): void {
    const volume = this.#volume;
    if (volume === undefined) return;
    const { store, series, onMeasures } = this.#ports;
    const measures = new MprMeasures({
      store,
      seriesInstanceUid: series.seriesInstanceUid,
      frameOfReferenceUid: frames[0]?.frameOfReferenceUid,
      imageAt: (point) => imageAt(grid, frames, point),
      onChange: onMeasures,
    });
    this.#measures = measures;
    this.#update({ status: 'ready', unit: planned.plan.unit });
    this.#ports.onReady({ volume, grid, frames, planned, measures });
  }

  #update(change: Partial<MprSnapshot>): void {
    this.#ports.set({ ...this.#ports.getSnapshot(), ...change });
  }
}
