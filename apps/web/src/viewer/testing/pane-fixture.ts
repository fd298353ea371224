import type { Pane, PaneSnapshot } from '../engine/index.ts';
import { EMPTY_PANE } from '../engine/snapshot.ts';
import { frameUrl, type StudyRef, seriesUrl } from '../model/dicomweb.ts';
import type { FrameModel, PatientBanner, SeriesModel } from '../model/study-model.ts';
import { noteOf } from './note-fixture.ts';

export const STUDY: StudyRef = { studyInstanceUid: '1.2.3', groupId: 'none' };

export const bannerOf = (fields: Partial<PatientBanner> = {}): PatientBanner => ({
  name: 'MARTIN^ANNA',
  patientId: 'P-1',
  issuer: undefined,
  birthDate: '19700203',
  age: undefined,
  sex: 'F',
  studyDate: '20260301',
  studyDescription: 'Scanner du thorax',
  ...fields,
});

const SPACING = { row: 1, column: 1 };

/** The nth frame, from 1, of a series without positions. */
export const frameOf = (frameNumber: number, fields: Partial<FrameModel> = {}): FrameModel => ({
  imageId: `wadors:${frameUrl(seriesUrl(STUDY, '1.2.3.1'), `1.2.3.1.${frameNumber}`, 1)}`,
  sopInstanceUid: `1.2.3.1.${frameNumber}`,
  frameNumber: 1,
  instanceNumber: frameNumber,
  position: undefined,
  orientation: undefined,
  frameOrientation: undefined,
  calibration: { kind: 'none' },
  sliceThicknessMm: undefined,
  slicePositionMm: undefined,
  rows: 4,
  columns: 4,
  frameOfReferenceUid: undefined,
  drawingSpacing: SPACING as unknown as FrameModel['drawingSpacing'], // Nothing is drawn here.
  dataset: {},
  ...fields,
});

export const seriesOf = (fields: Partial<SeriesModel> = {}): SeriesModel => ({
  study: STUDY,
  seriesInstanceUid: '1.2.3.1',
  modality: 'CT',
  seriesNumber: 2,
  description: 'Axial',
  instanceCount: 3,
  bodyPart: undefined,
  frames: [frameOf(1), frameOf(2), frameOf(3)],
  documents: [],
  isSpatial: false,
  firstIndex: 0,
  cine: { framesPerSecond: 10 } as unknown as SeriesModel['cine'], // Nothing is played here.
  banner: bannerOf(),
  sopClassUid: undefined,
  ...fields,
});

/** What a pane shows: the first frame of a series. */
export const shown = (fields: Partial<PaneSnapshot> = {}): PaneSnapshot => {
  const series = fields.series ?? seriesOf();
  return {
    ...EMPTY_PANE,
    series,
    status: 'ready',
    frameState: 'loaded',
    shownIndex: 0,
    frame: series.frames[0],
    frameCount: series.frames.length,
    loadedCount: series.frames.length,
    states: series.frames.map(() => 'loaded'),
    voi: { kind: 'window', center: 40, width: 400 } as PaneSnapshot['voi'],
    zoom: 1.5,
    ...fields,
  };
};

/** A pane that shows what it is told, and notes what is done with it. */
export class FakePane {
  readonly id: string;
  readonly done: string[] = [];
  readonly #listeners = new Set<() => void>();
  #snapshot: PaneSnapshot;

  constructor(snapshot: PaneSnapshot = shown(), id = '1') {
    this.id = id;
    this.#snapshot = snapshot;
  }
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
  readonly getSnapshot = (): PaneSnapshot => this.#snapshot;
  show(fields: Partial<PaneSnapshot>): void {
    this.#snapshot = { ...this.#snapshot, ...fields };
    for (const listener of this.#listeners) listener();
  }
  get series(): SeriesModel | undefined {
    return this.#snapshot.series;
  }
  readonly #note = noteOf(this.done);
  readonly goTo = this.#note('goTo');
  readonly scrollBy = this.#note('scrollBy');
  readonly cine = { toggle: this.#note('toggle'), setFramesPerSecond: this.#note('rate') };
  readonly display = {
    flip: this.#note('flip'),
    rotate: this.#note('rotate'),
    invert: this.#note('invert'),
    actualPixels: this.#note('actualPixels'),
    reset: this.#note('reset'),
    zoomBy: this.#note('zoomBy'),
    applyPreset: ({ id }: { readonly id: string }): void => void this.done.push(`preset ${id}`),
  };

  /** As the parts around the images know it. */
  get pane(): Pane {
    return this as unknown as Pane; // The engine's own draws, which nothing here asks for.
  }
}
