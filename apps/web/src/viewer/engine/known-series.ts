import { cache } from '@cornerstonejs/core';
import { isSameStudy } from '../annotations/kept-edit.ts';
import type { StudyRef } from '../model/dicomweb.ts';
import type { FrameModel, SeriesModel } from '../model/study-model.ts';
import { forgetLoaded } from './frame-loader.ts';
import { forgetPlan } from './frame-plans.ts';
import { forgetFrame } from './library.ts';
import { type PlacedFrame, placeKey } from './measurements.ts';

function forgetImage(imageId: string): void {
  forgetLoaded(imageId);
  forgetPlan(imageId);
  forgetFrame(imageId);
  if (cache.getImageLoadObject(imageId) !== undefined) cache.removeImageLoadObject(imageId, { force: true });
}

/** A frame, and where in its series it stands. */
export interface FramePlace {
  readonly frame: FrameModel;
  /** From 1, as panes count. */
  readonly index: number;
  readonly count: number;
}

/** The series that were shown on a desk, and what is kept of their frames: it goes with their study. */
export class KnownSeries {
  readonly #frames = new Map<string, PlacedFrame>();
  /** The same by SOP Instance UID and frame: what is drawn is kept by these, whatever the address of the server. */
  readonly #places = new Map<string, FramePlace>();
  readonly #studies = new Map<string, StudyRef>();

  add(series: SeriesModel): void {
    const { seriesInstanceUid } = series;
    this.#studies.set(seriesInstanceUid, series.study);
    const count = series.frames.length;
    for (const [at, frame] of series.frames.entries()) {
      this.#frames.set(frame.imageId, { frame, seriesInstanceUid });
      this.#places.set(placeKey(frame.sopInstanceUid, frame.frameNumber), { frame, index: at + 1, count });
    }
  }

  frameOf(imageId: string): PlacedFrame | undefined {
    return this.#frames.get(imageId);
  }

  placeAt(sopInstanceUid: string, frame: number): FramePlace | undefined {
    return this.#places.get(placeKey(sopInstanceUid, frame));
  }

  studyOf(seriesInstanceUid: string): StudyRef | undefined {
    return this.#studies.get(seriesInstanceUid);
  }

  /** Forgets everything of studies that are not on the screen any more, so that a day of reading takes no more memory than its last study. */
  keepOnly(studies: readonly StudyRef[]): void {
    const isGone = (uid: string): boolean => !studies.some((one) => isSameStudy(one, this.#studies.get(uid) ?? one));
    const gone = new Set([...this.#studies.keys()].filter(isGone));
    for (const [imageId, { frame, seriesInstanceUid }] of [...this.#frames]) {
      if (!gone.has(seriesInstanceUid)) continue;
      forgetImage(imageId);
      this.#frames.delete(imageId);
      this.#places.delete(placeKey(frame.sopInstanceUid, frame.frameNumber));
    }
    for (const uid of gone) this.#studies.delete(uid);
  }

  forget(): void {
    this.keepOnly([]);
  }
}
